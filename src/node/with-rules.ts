import type { Problem } from '../schemes/problem.ts';

/**
 * The problems of the scheme, and of its rules as they are now. Rules are read twice, from the files and then against all
 * that is known of the home: each problem is told once, and what a rule waited for may have been found since.
 */
export function withRules(ofFiles: readonly Problem[], ofRules: readonly Problem[]): readonly Problem[] {
  const keyOf = ({ code, message }: Problem) => `${code} ${message}`;
  const now = new Set(ofRules.map(keyOf));
  const isWaiting = ({ code, severity }: Problem) => code === 'HB303' && severity === 'note';
  const still = ofFiles.filter((problem) => !isWaiting(problem) || now.has(keyOf(problem)));
  const told = new Set(still.map(keyOf));
  const others = ofRules.filter((problem) => !told.has(keyOf(problem)));
  return [...still, ...new Map(others.map((problem) => [keyOf(problem), problem])).values()];
}
