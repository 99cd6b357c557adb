import { LIMIT_FACTS, type LimitFact, type LimitName, type LimitValues, limitText } from './broker-limits.ts';
import { byteSizeText, parseByteSize } from './byte-size.ts';
import type { CheckContext } from './check-context.ts';
import { unknownKey, wrongSort, wrongValue } from './field-problems.ts';
import type { Path, PathProblem } from './path-problem.ts';
import { durationText, parseDuration } from './quantity.ts';
import { isRecord, shortValue } from './yaml-value.ts';

export const DEFAULT_SYS_MS = 10_000;
const SYS_LEAST_MS = 1_000;
const SYS_MOST_MS = 3_600_000;

const KEYS: readonly string[] = LIMIT_FACTS.map(({ key }) => key);

/** `broker.limits`: what clients may use. A limit with a mistake keeps its default. */
export function checkBrokerLimits(raw: unknown, { problems }: CheckContext): LimitValues {
  const path: Path = ['broker', 'limits'];
  if (!isRecord(raw)) {
    problems.push(wrongSort('a map (limit: value)', raw, path, 'limits: {packet_bytes: 4MiB}'));
    return {};
  }
  const values: Partial<Record<LimitName, number>> = {};
  for (const [key, value] of Object.entries(raw)) {
    const at: Path = [...path, key];
    const fact = LIMIT_FACTS.find((one) => one.key === key);
    if (fact === undefined) {
      problems.push(unknownKey(key, KEYS, at, value));
      continue;
    }
    const amount = amountOf(fact, value);
    const { least, most } = fact;
    if (amount !== undefined && amount >= least && amount <= most) values[fact.name] = amount;
    else problems.push(limitProblem(fact, { value, amount, at }));
  }
  return values;
}

/** In the unit of the fact; undefined when it is not of its sort. */
function amountOf({ sort }: LimitFact, value: unknown): number | undefined {
  if (sort === 'count') return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
  if (typeof value !== 'string') return undefined;
  if (sort === 'bytes') return parseByteSize(value);
  const ms = parseDuration(value);
  return sort === 'time' || ms === undefined ? ms : ms / 1_000;
}

interface Wrong {
  readonly value: unknown;
  readonly amount: number | undefined;
  readonly at: Path;
}

function limitProblem(fact: LimitFact, { value, amount, at }: Wrong): PathProblem {
  const { key, sort, least, most } = fact;
  if (amount !== undefined) {
    const near = limitText(fact, Math.round(Math.min(Math.max(amount, least), most)));
    const span = `it goes from ${limitText(fact, least)} to ${limitText(fact, most)}`;
    return wrongValue(`${key}: ${shortValue(value)} is not possible`, span, at, `${key}: ${near}`);
  }
  if (sort === 'count') return wrongSort('a whole number', value, at, `${key}: ${least}`);
  if (typeof value !== 'number') return wrongSort(sort === 'bytes' ? 'a size' : 'a time', value, at, exampleOf(fact));
  return unitMissing(at, value, sort === 'bytes' ? byteSizeText(value) : durationText(value * 1_000));
}

function exampleOf(fact: LimitFact): string {
  return `${fact.key}: ${limitText(fact, fact.sort === 'bytes' ? fact.most : Math.max(fact.least, 1))}`;
}

/** `broker.sys`: how often listeners of `$SYS` hear what has changed, in ms; 0: never. */
export function checkSys(raw: unknown, { problems }: CheckContext): number {
  if (raw === 'off' || raw === 0 || raw === false) return 0;
  const path: Path = ['broker', 'sys'];
  const text = String(raw);
  const ms = typeof raw === 'string' ? parseDuration(raw) : undefined;
  if (ms !== undefined && ms >= SYS_LEAST_MS && ms <= SYS_MOST_MS) return ms;
  if (ms !== undefined)
    problems.push(wrongValue(`sys: ${text} is not possible`, 'it goes from 1s to 1h', path, 'sys: 10s'));
  else if (typeof raw === 'number') problems.push(unitMissing(path, raw, durationText(raw * 1_000)));
  else problems.push(wrongSort('a time, or off', raw, path, 'sys: 10s'));
  return DEFAULT_SYS_MS;
}

function unitMissing(path: Path, value: number, meant: string): PathProblem {
  const key = String(path.at(-1));
  const suggestion = meant.endsWith('B')
    ? 'write B, kB, KiB, MB, MiB, GB or GiB after it'
    : 'write ms, s or min after it';
  return { path, code: 'HB210', message: `${key}: ${value} needs a unit`, suggestion, fix: `${key}: ${meant}` };
}
