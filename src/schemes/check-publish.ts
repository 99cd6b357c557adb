import type { CheckContext } from './check-context.ts';
import type { Path } from './path-problem.ts';
import type { PolicyText } from './policy.ts';
import { parsePolicy } from './policy-parse.ts';
import { isRecord } from './yaml-value.ts';

/** A publish policy at a path of the scheme; its problems get that path. */
export function checkPublish(raw: unknown, path: Path, { problems }: CheckContext): PolicyText | undefined {
  if (raw === undefined || raw === null) return undefined;
  const parsed = parsePolicy(raw);
  problems.push(...parsed.problems.map((problem) => ({ ...problem, path: [...path, ...problem.path] })));
  return isRecord(raw) ? raw : undefined;
}
