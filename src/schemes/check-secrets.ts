import type { CheckContext } from './check-context.ts';
import { isSecretName } from './check-engine.ts';
import type { Path } from './path-problem.ts';
import { isRecord } from './yaml-value.ts';

/** Warns once for each `$NAME` that has no value. */
export function checkSecretValues(root: Readonly<Record<string, unknown>>, context: CheckContext): void {
  const told = new Set<string>();
  for (const [name, path] of secretsIn(root, [])) {
    const key = name.slice(1);
    if (told.has(key) || (context.environment[key] ?? '') !== '') continue;
    told.add(key);
    context.problems.push({
      path,
      code: 'HB271',
      severity: 'warning',
      message: `${name} is not set`,
      suggestion: `add it to the secrets file (hanbus info prints where)`,
      fix: `${key}=...`,
    });
  }
}

function secretsIn(value: unknown, path: Path): readonly (readonly [string, Path])[] {
  if (isSecretName(value)) return [[value, path]];
  if (Array.isArray(value)) return value.flatMap((item, index) => secretsIn(item, [...path, index]));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => secretsIn(item, [...path, key]));
}
