import { parseFilters } from './filter-parse.ts';
import type { PathProblem } from './path-problem.ts';
import type { Deadband, Policy } from './policy.ts';
import { notAllowed, readKeep } from './policy-keep.ts';
import { parseQuantity } from './quantity.ts';
import { nearestUnit, unitOf } from './units.ts';
import { type Fault, readTime, type TimeLimits } from './units-time.ts';
import { shortValue } from './yaml-value.ts';

/** The keys of a publish policy as a person writes them, with the member of `Policy` that each fills. */
export const POLICY_KEYS = {
  every: 'everyMs',
  on_change: 'onChange',
  at_most: 'atMostMs',
  filter: 'filter',
  unit: 'unit',
  round: 'round',
  retain: 'retain',
  qos: 'qos',
  keep: 'keep',
  history: 'history',
} as const satisfies Record<string, keyof Policy>;

export type PolicyKey = keyof typeof POLICY_KEYS;

/** What one key gave: part of a policy, and what is wrong below the key. */
export interface KeyResult {
  readonly part: Policy;
  readonly problems: readonly PathProblem[];
}

const DAY_MS = 86_400_000;
const EVERY: TimeLimits = { minMs: 100, maxMs: 7 * DAY_MS, rangeCode: 'HB240' };
const AT_MOST: TimeLimits = { minMs: 10, maxMs: 7 * DAY_MS, rangeCode: 'HB240' };
const LARGEST = 1e15;
/** Longest text of a value that is no filter. */
const LONGEST = 200;

const right = (part: Policy): KeyResult => ({ part, problems: [] });
const wrong = (fault: Fault): KeyResult => ({ part: {}, problems: [{ path: [], ...fault }] });

function every(raw: unknown): KeyResult {
  const ms = readTime(raw, (text) => `every: ${text}`, EVERY);
  return typeof ms === 'number' ? right({ everyMs: ms }) : wrong(ms);
}

function atMost(raw: unknown): KeyResult {
  const ms = readTime(raw, (text) => `at_most: ${text}`, AT_MOST);
  return typeof ms === 'number' ? right({ atMostMs: ms }) : wrong(ms);
}

function deadband(raw: unknown): Deadband | Fault {
  if (raw === 'any') return { absolute: 0 };
  const quantity = typeof raw === 'number' ? { value: raw, unit: '' } : parseQuantity(String(raw));
  if (quantity === undefined || typeof raw === 'boolean' || !Number.isFinite(quantity.value)) {
    const message = `on_change: ${shortValue(raw)} is not an amount`;
    return {
      code: 'HB212',
      message,
      suggestion: 'an amount such as 0.2°C, a share such as 2%, or any',
      fix: 'on_change: 2%',
    };
  }
  const { value, unit } = quantity;
  const most = unit === '%' ? 1_000 : LARGEST;
  if (value < 0 || value > most) {
    const near = value < 0 ? Math.min(-value, most) : most;
    const message = `on_change: ${shortValue(raw)} is ${value < 0 ? 'below 0' : `above ${most}${unit}`}`;
    return { code: 'HB240', message, suggestion: `did you mean ${near}${unit}?`, fix: `on_change: ${near}${unit}` };
  }
  return unit === '%' ? { percent: value } : absolute(value, unit);
}

function absolute(value: number, unit: string): Deadband | Fault {
  if (unit === '') return { absolute: value };
  const house = unitOf(unit);
  if (house !== undefined) return { absolute: value, unit: house };
  const near = nearestUnit(unit) ?? '';
  const fix = `on_change: ${value}${near}`;
  return {
    code: 'HB211',
    message: `on_change: "${shortValue(unit)}" is not a unit`,
    suggestion: `did you mean ${value}${near}?`,
    fix,
  };
}

function onChange(raw: unknown): KeyResult {
  const band = deadband(raw);
  return 'code' in band ? wrong(band) : right({ onChange: band });
}

function filter(raw: unknown): KeyResult {
  const { steps, problems } = parseFilters(raw);
  return problems.length === 0 ? right({ filter: steps }) : { part: {}, problems };
}

function unit(raw: unknown): KeyResult {
  const house = typeof raw === 'string' ? unitOf(raw) : undefined;
  if (house !== undefined) return right({ unit: house });
  const near = typeof raw === 'string' ? nearestUnit(raw) : undefined;
  const fault = { code: 'HB211', message: `unit: "${shortValue(raw)}" is not a unit that hanbus knows` };
  if (near === undefined) return wrong({ ...fault, suggestion: 'units such as °C, %, hPa, V, W, kWh' });
  return wrong({ ...fault, suggestion: `did you mean ${near}?`, fix: `unit: "${near}"` });
}

function round(raw: unknown): KeyResult {
  if (typeof raw === 'number' && Number.isInteger(raw) && raw >= 0 && raw <= 10) return right({ round: raw });
  const near = typeof raw === 'number' && Number.isFinite(raw) ? Math.min(Math.max(Math.round(raw), 0), 10) : 1;
  const sort = typeof raw === 'number' ? 'HB240' : 'HB205';
  return wrong({
    code: sort,
    message: `round: ${shortValue(raw)} is not a number of decimals`,
    suggestion: '0 to 10',
    fix: `round: ${near}`,
  });
}

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['false', false],
  ['no', false],
  ['off', false],
  ['on', true],
  ['true', true],
  ['yes', true],
]);

function flagOf(key: 'history' | 'retain', raw: unknown): boolean | Fault {
  const flag = typeof raw === 'boolean' || typeof raw === 'string' ? FLAGS.get(String(raw).toLowerCase()) : undefined;
  return flag ?? notAllowed(key, raw, 'on, off', raw === 0 ? `${key}: off` : `${key}: on`);
}

function retain(raw: unknown): KeyResult {
  const flag = flagOf('retain', raw);
  return typeof flag === 'boolean' ? right({ retain: flag }) : wrong(flag);
}

function history(raw: unknown): KeyResult {
  const flag = flagOf('history', raw);
  return typeof flag === 'boolean' ? right({ history: flag }) : wrong(flag);
}

function qos(raw: unknown): KeyResult {
  if (raw === 0 || raw === 1 || raw === 2) return right({ qos: raw });
  return wrong(notAllowed('qos', raw, '0, 1, 2', 'qos: 1'));
}

function keep(raw: unknown): KeyResult {
  const kept = readKeep(raw);
  return typeof kept === 'object' && 'code' in kept ? wrong(kept) : right({ keep: kept });
}

const READERS: Readonly<Record<PolicyKey, (raw: unknown) => KeyResult>> = {
  every,
  on_change: onChange,
  at_most: atMost,
  filter,
  unit,
  round,
  retain,
  qos,
  keep,
  history,
};

export function isPolicyKey(key: string): key is PolicyKey {
  return Object.hasOwn(READERS, key);
}

/** Reads the value of one key; paths are below the key. */
export function readKey(key: PolicyKey, raw: unknown): KeyResult {
  if (typeof raw === 'string' && raw.length > LONGEST && key !== 'filter') {
    return wrong({
      code: 'HB206',
      message: `${key}: ${shortValue(raw)} is too long`,
      suggestion: `${LONGEST} letters at most`,
    });
  }
  return READERS[key](raw);
}
