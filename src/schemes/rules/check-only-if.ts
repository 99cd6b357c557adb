import type { PathProblem } from '../path-problem.ts';
import type { DeviceText } from '../scheme.ts';
import type { HomePoints } from './home-points.ts';
import { readCondition } from './read-trigger.ts';
import { readVariables } from './read-variables.ts';
import type { RulesText } from './rules-text.ts';
import type { Scope } from './scope.ts';
import type { Test } from './test.ts';

export interface ReadTest {
  /** Absent when something is wrong with it, or when it names what nobody has seen yet. */
  readonly test?: Test;
  /** Their paths are empty: what they are about is the text itself. */
  readonly problems: readonly PathProblem[];
  readonly missing: readonly string[];
}

/** One condition of the rule language, such as the `only_if` of an output. */
export function readTest(text: string, rules: RulesText, home: HomePoints): ReadTest {
  const problems: PathProblem[] = [];
  const missing = new Set<string>();
  const variables = readVariables(rules.home, []);
  const words = { groups: new Map(), rules: [], scenes: [], services: [], variables };
  const scope: Scope = { home, words, missing, problems, path: [], onKey: false, offset: 0 };
  const test = readCondition(text, scope);
  const isKnown = test !== undefined && missing.size === 0;
  return { ...(isKnown ? { test } : {}), problems, missing: [...missing] };
}

/** `only_if` of every output. */
export function checkOnlyIf(
  devices: Readonly<Record<string, DeviceText>>,
  rules: RulesText,
  home: HomePoints,
): readonly PathProblem[] {
  const found = Object.entries(devices).flatMap(([name, { guards, points }]) => [
    { path: ['devices', name], guards },
    ...Object.entries(points).map(([point, plan]) => ({
      path: ['devices', name, 'points', point],
      guards: plan.guards,
    })),
  ]);
  return found.flatMap(({ path, guards }) => {
    if (guards?.onlyIf === undefined) return [];
    const { problems } = readTest(guards.onlyIf, rules, home);
    return problems.map((problem) => ({ ...problem, path: [...path, 'only_if'] }));
  });
}
