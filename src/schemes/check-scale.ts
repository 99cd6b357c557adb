import type { Path, PathProblem } from './path-problem.ts';
import { parseQuantity } from './quantity.ts';
import { isRecord, shortValue } from './yaml-value.ts';

type Pair = readonly [number, number];

/** `{2.6V: 0, 1.2V: 100}`: two measured amounts and what they mean. */
export function checkScale(raw: unknown, path: Path, problems: PathProblem[]): readonly [Pair, Pair] | undefined {
  const entries = isRecord(raw) ? Object.entries(raw) : [];
  const example = 'scale: {2.6V: 0, 1.2V: 100}';
  if (entries.length !== 2) {
    const message = isRecord(raw)
      ? `scale needs two pairs, not ${entries.length}`
      : `scale needs two pairs, not ${shortValue(raw)}`;
    problems.push({
      path,
      code: 'HB205',
      message,
      suggestion: 'write what is measured and what it means',
      fix: example,
    });
    return undefined;
  }
  const pairs = entries.flatMap(([key, value]) => checkPair(key, value, path, problems));
  const [first, second] = pairs;
  if (first === undefined || second === undefined) return undefined;
  const [from, to] = entries.map(([key]) => parseQuantity(key)?.unit);
  if (from !== to) {
    const message = `scale mixes the units ${from} and ${to}`;
    problems.push({ path, code: 'HB211', message, suggestion: 'write both in one unit', fix: example });
    return undefined;
  }
  if (first[0] !== second[0]) return [first, second];
  problems.push({ path, code: 'HB206', message: 'scale needs two different amounts', fix: example });
  return undefined;
}

function checkPair(key: string, value: unknown, path: Path, problems: PathProblem[]): readonly Pair[] {
  const measured = parseQuantity(key);
  const at = [...path, key];
  if (measured === undefined) {
    const message = `"${shortValue(key)}" is not an amount`;
    problems.push({
      path: at,
      onKey: true,
      code: 'HB212',
      message,
      suggestion: 'write a number with its unit, such as 2.6V',
    });
    return [];
  }
  if (measured.unit === '') {
    const message = `${key} needs the unit of what is measured`;
    problems.push({
      path: at,
      onKey: true,
      code: 'HB210',
      message,
      suggestion: `${key}V?`,
      fix: `${key}V: ${shortValue(value)}`,
    });
    return [];
  }
  const shown = typeof value === 'number' ? value : Number.NaN;
  if (Number.isFinite(shown)) return [[measured.value, shown]];
  const number = typeof value === 'string' ? parseQuantity(value) : undefined;
  const fix = number === undefined ? {} : { fix: `${key}: ${number.value}` };
  const message = `${key}: ${shortValue(value)} must be a bare number; its unit stands under unit`;
  problems.push({ path: at, code: 'HB205', message, suggestion: 'write the number alone', ...fix });
  return [];
}
