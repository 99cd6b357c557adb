import type { Fault } from '../units-time.ts';

interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly words?: readonly string[];
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const DAYS = 'sun mon tue wed thu fri sat'.split(' ');
const FIELDS: readonly Field[] = [
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
  { name: 'day of the month', from: 1, to: 31 },
  { name: 'month', from: 1, to: 12, words: MONTHS },
  { name: 'day of the week', from: 0, to: 7, words: DAYS },
];
const LONGEST_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** What is wrong with a cron pattern of five fields; undefined when some day will come. */
export function cronFault(pattern: string): Fault | undefined {
  const fields = pattern.trim().split(/\s+/);
  const wrong = (message: string, suggestion: string): Fault => ({ code: 'HB308', message, suggestion });
  if (fields.length !== 5) {
    const message = `a cron pattern has 5 fields, this has ${fields.length}`;
    return { ...wrong(message, 'minute, hour, day, month, day of the week'), fix: 'cron "*/5 * * * *"' };
  }
  const values = FIELDS.map((field, index) => valuesOf(fields[index] ?? '', field));
  const bad = values.indexOf(undefined);
  const field = FIELDS[bad];
  if (field !== undefined) {
    const message = `"${fields[bad]}" is not a ${field.name}`;
    return wrong(message, `the ${field.name} runs from ${field.from} to ${field.to}`);
  }
  if (comes(values, fields)) return undefined;
  const [minute, hour, , month] = fields;
  return { ...wrong(neverText(fields), 'no such month has that day'), fix: `cron "${minute} ${hour} 28 ${month} *"` };
}

function neverText([, , day, month]: readonly string[]): string {
  return `day ${day} of month ${month} never comes`;
}

/** Some month has the day; or a day of the week counts instead. */
function comes(values: readonly (readonly number[] | undefined)[], fields: readonly string[]): boolean {
  if (fields[4] !== '*') return true;
  const [days, months] = [values[2] ?? [], values[3] ?? []];
  return months.some((month) => days.some((day) => day <= (LONGEST_MONTH[month - 1] ?? 31)));
}

/** Every value of one field, such as `1-5`, `*` with a step, `mon,wed`; undefined when it is none. */
function valuesOf(text: string, field: Field): readonly number[] | undefined {
  const parts = text.split(',').map((part) => partOf(part.toLowerCase(), field));
  return parts.includes(undefined) || text.length > 200 ? undefined : parts.flatMap((part) => part ?? []);
}

function partOf(part: string, field: Field): readonly number[] | undefined {
  const [, range = '', step = '1'] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(part) ?? [];
  const hasStep = part.includes('/');
  const [first = '', last] = range.split('-');
  const from = range === '*' ? field.from : numberOf(first, field);
  const single = hasStep ? field.to : from;
  const to = range === '*' ? field.to : last === undefined ? single : numberOf(last, field);
  if (from === undefined || to === undefined || from > to || Number(step) < 1) return undefined;
  const count = Math.floor((to - from) / Number(step)) + 1;
  return Array.from({ length: count }, (_, index) => from + index * Number(step));
}

function numberOf(text: string, { from, to, words }: Field): number | undefined {
  const word = words?.indexOf(text) ?? -1;
  if (word >= 0) return word + (words === MONTHS ? 1 : 0);
  const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return value >= from && value <= to ? value : undefined;
}
