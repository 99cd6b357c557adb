import type { PathProblem } from '../path-problem.ts';
import type { Rule, Scene } from './rule.ts';

export function findLoops(_rules: readonly Rule[], _scenes: readonly Scene[]): readonly PathProblem[] {
  return [];
}
