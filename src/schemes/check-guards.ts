import type { CheckContext } from './check-context.ts';
import { checkField } from './check-field.ts';
import type { Guards } from './command.ts';
import { unknownKey, wrongSort } from './field-problems.ts';
import { duration, text } from './fields.ts';
import { GUARD_KEYS, guardFields } from './guard-fields.ts';
import { listed } from './near.ts';
import type { Path, PathProblem } from './path-problem.ts';
import type { PointSpec } from './point.ts';
import { durationText, parseQuantity } from './quantity.ts';
import { convertUnit } from './units.ts';
import { isRecord, yamlValue } from './yaml-value.ts';

type Raw = Readonly<Record<string, unknown>>;

/** What guards are about. */
export interface Guarded {
  readonly path: Path;
  /** What is known of the points that they hold for; undefined: nothing yet. */
  readonly specs: readonly PointSpec[] | undefined;
}

/** The guards among the keys of a device or a point; undefined when there are none. */
export function checkGuards(
  raw: Raw,
  keys: readonly string[],
  about: Guarded,
  context: CheckContext,
): Guards | undefined {
  const written = keys.filter((key) => GUARD_KEYS.includes(key) && raw[key] !== undefined);
  if (written.length === 0) return undefined;
  if (about.specs?.some(({ settable }) => settable === true) === false) {
    context.problems.push(...written.map((key) => noOutput(key, about.path)));
    return undefined;
  }
  const problems: PathProblem[] = [];
  const guards = readGuards(raw, written, about, problems);
  context.problems.push(...problems);
  return problems.length > 0 ? undefined : guards;
}

function readGuards(raw: Raw, keys: readonly string[], about: Guarded, problems: PathProblem[]): Guards {
  const fields = guardFields();
  const read = keys.map((key) => {
    const field = key === 'interlock' ? undefined : fields[key];
    return [key, field === undefined ? raw[key] : checkField(field, raw[key], [...about.path, key], { problems })];
  });
  const values: Raw = Object.fromEntries(read);
  const safe = values.safe === undefined ? undefined : safeValue(values.safe, about, problems);
  const together = values.interlock === undefined ? {} : interlockOf(values.interlock, about.path, problems);
  problems.push(...contradictions(values, about.path));
  return { ...together, ...(safe === undefined ? {} : { safe }), ...plainGuards(values) };
}

function noOutput(key: string, path: Path): PathProblem {
  const message = `${path.slice(1).join('.')} takes no commands, so ${key} limits nothing`;
  return {
    path: [...path, key],
    onKey: true,
    code: 'HB319',
    message,
    suggestion: `delete ${key}; limits are for outputs`,
  };
}

function plainGuards(values: Raw): Guards {
  const ms = (key: string) => (typeof values[key] === 'number' ? values[key] : undefined);
  const entries = Object.entries({
    restore: values.restore,
    maxOnMs: ms('max_on'),
    minOnMs: ms('min_on'),
    minOffMs: ms('min_off'),
    maxPerHour: ms('max_per_hour'),
    onlyIf: values.only_if,
    manualMs: ms('manual'),
    deadManMs: ms('dead_man'),
    mode: values.mode,
    rate: ms('rate'),
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function interlockOf(raw: unknown, path: Path, problems: PathProblem[]): Pick<Guards, 'interlock' | 'interlockWaitMs'> {
  const at = [...path, 'interlock'];
  if (!isRecord(raw)) {
    const group = checkField(text('Group.'), raw, at, { problems });
    return typeof group === 'string' ? { interlock: group } : {};
  }
  for (const key of Object.keys(raw)) {
    if (key !== 'group' && key !== 'wait') problems.push(unknownKey(key, ['group', 'wait'], [...at, key], raw[key]));
  }
  if (typeof raw.group !== 'string') {
    problems.push(wrongSort('a group', raw.group, at, 'interlock: {group: motor, wait: 2s}'));
    return {};
  }
  const wait =
    raw.wait === undefined ? undefined : checkField(duration('Wait.'), raw.wait, [...at, 'wait'], { problems });
  return { interlock: raw.group, ...(typeof wait === 'number' ? { interlockWaitMs: wait } : {}) };
}

const WORDS: ReadonlyMap<unknown, boolean> = new Map([
  ['on', true],
  ['open', true],
  ['off', false],
  ['closed', false],
]);

/** `safe` as a value of the point; of points that nobody has seen, on and off are taken for switches. */
function safeValue(raw: unknown, { path, specs }: Guarded, problems: PathProblem[]): Guards['safe'] {
  if (typeof raw !== 'boolean' && typeof raw !== 'number' && typeof raw !== 'string') return undefined;
  const outputs = specs?.filter(({ settable }) => settable === true);
  if (outputs === undefined) return WORDS.get(raw) ?? raw;
  const fits = outputs.map((spec) => fitting(raw, spec)).filter((value) => value !== undefined);
  if (fits.length > 0) return fits[0];
  const wanted = outputs.map(words).join('; ');
  const example = outputs.map(firstOf).find((value) => value !== undefined);
  const fix = example === undefined ? {} : { fix: `safe: ${yamlValue(example)}` };
  const message = `safe: ${yamlValue(raw)} does not fit the output`;
  problems.push({ path: [...path, 'safe'], code: 'HB319', message, suggestion: `it takes ${wanted}`, ...fix });
  return undefined;
}

function fitting(raw: boolean | number | string, spec: PointSpec): boolean | number | string | undefined {
  const { type, values = [] } = spec;
  if (type === 'boolean') return typeof raw === 'boolean' ? raw : WORDS.get(raw);
  if (type === 'number') return fittingNumber(raw, spec);
  if (type === 'enum') return values.includes(String(raw)) ? String(raw) : undefined;
  return type === 'text' ? String(raw) : undefined;
}

/** `21` or `70°F`, in the unit of the point and within its range. */
function fittingNumber(raw: boolean | number | string, { range, unit }: PointSpec): number | undefined {
  const quantity = typeof raw === 'boolean' ? undefined : parseQuantity(String(raw));
  if (quantity === undefined) return undefined;
  const value = quantity.unit === '' ? quantity.value : convertUnit(quantity.value, quantity.unit, unit ?? '');
  if (value === undefined || range === undefined) return value;
  return value >= range[0] && value <= range[1] ? value : undefined;
}

function words({ type, range, values, unit = '' }: PointSpec): string {
  if (type === 'boolean') return 'on or off';
  if (type === 'enum') return listed(values ?? []);
  return type === 'number'
    ? `a number${range === undefined ? '' : ` from ${range[0]} to ${range[1]}`} (${unit || 'no unit'})`
    : type;
}

function firstOf({ type, range, values }: PointSpec): unknown {
  if (type === 'boolean') return 'off';
  return type === 'enum' ? values?.[0] : type === 'number' ? (range?.[0] ?? 0) : undefined;
}

/** Two limits that cannot both be kept. */
function contradictions(values: Raw, path: Path): readonly PathProblem[] {
  const { min_on: least, max_on: most, dead_man: silent, safe, restore } = values;
  const say = (key: string, message: string, suggestion: string) => [
    { path: [...path, key], code: 'HB319', message, suggestion },
  ];
  if (typeof least === 'number' && typeof most === 'number' && least > most) {
    const [first] = say('min_on', 'min_on is longer than max_on', 'make max_on the longer one');
    return first === undefined ? [] : [{ ...first, fix: `min_on: ${durationText(most)}` }];
  }
  if (restore === 'safe' && safe === undefined) return say('restore', 'restore: safe needs safe', 'add safe: off');
  return typeof silent === 'number' && safe === undefined
    ? say('dead_man', 'dead_man needs safe', 'add safe: off')
    : [];
}
