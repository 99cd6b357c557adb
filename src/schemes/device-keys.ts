import { article, listed, nearest } from './near.ts';
import type { Path, PathProblem } from './path-problem.ts';
import { POLICY_KEYS } from './policy-keys.ts';
import { isRecord, pairText, yamlValue } from './yaml-value.ts';

interface Place {
  readonly kind?: string;
  readonly keys: readonly string[];
}

type Told = Pick<PathProblem, 'suggestion' | 'fix'>;

/** A key that a device cannot have, with the place where it belongs. */
export function deviceKeyProblem(key: string, value: unknown, path: Path, place: Place): PathProblem {
  return {
    path: [...path, key],
    onKey: true,
    code: 'HB204',
    message: `unknown key "${key}" in ${path.join('.')}`,
    ...advice(key, value, String(path.at(-1)), place),
  };
}

function advice(key: string, value: unknown, device: string, { kind, keys }: Place): Told {
  const near = nearest(key, keys);
  if (near !== undefined) return { suggestion: `did you mean "${near}"?`, fix: pairText(near, value) };
  if (key === 'name' || key === 'id') return nameAdvice(value, device);
  const policy = nearest(key, Object.keys(POLICY_KEYS));
  if (policy !== undefined) {
    const fix = `publish: {${policy}: ${yamlValue(value)}}`;
    return { suggestion: `"${policy}" goes under publish`, fix };
  }
  if (isRecord(value) && 'name' in value)
    return { suggestion: 'points go under points', fix: `points: {${key}: ${yamlValue(value)}}` };
  const whose = kind === undefined ? 'an entry without kind has' : `${article(kind)} has`;
  return { suggestion: `${whose} the keys ${listed(keys.toSorted())}` };
}

function nameAdvice(value: unknown, device: string): Told {
  const fix = typeof value === 'string' ? { fix: `${value}:` } : {};
  return { suggestion: `the name of a device is the key above it, here "${device}"`, ...fix };
}
