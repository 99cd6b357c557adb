import { distance } from 'fastest-levenshtein';
import type { FilterArg, FilterStep } from './filter.ts';
import {
  amount,
  type Cursor,
  change,
  choice,
  count,
  number,
  type Reader,
  range,
  share,
  time,
  windowOf,
} from './filter-args.ts';
import { FILTERS } from './filter-catalog.ts';
import type { ArgKind, ArgSpec, FilterFact } from './filter-fact.ts';
import { checkStep } from './filter-limits.ts';
import { pairs, values, words } from './filter-lists.ts';
import { stepText } from './filter-text.ts';
import { tokensOf } from './filter-tokens.ts';
import type { PathProblem } from './path-problem.ts';
import type { Fault } from './units-time.ts';
import { isRecord, shortValue } from './yaml-value.ts';

/** Longest chain; nobody needs more, and each step costs. */
const MAX_STEPS = 20;

const READERS: Readonly<Record<ArgKind, Reader>> = {
  amount,
  change,
  choice,
  count,
  number,
  pairs,
  range,
  share,
  time,
  values,
  words,
  window: windowOf,
};

/** The filter that was probably meant. */
export function nearestFilter(name: string): string | undefined {
  const wanted = name.toLowerCase().replaceAll('-', '_');
  let best: { filter: string; far: number } | undefined;
  for (const [filter, { aliases = [] }] of Object.entries(FILTERS)) {
    for (const spelling of [filter, ...aliases]) {
      const far = distance(wanted, spelling);
      if (far <= Math.max(1, Math.floor(spelling.length / 3)) && (best === undefined || far < best.far))
        best = { filter, far };
    }
  }
  return best?.filter;
}

function unknown(name: string): Fault {
  const near = nearestFilter(name);
  const fact = near === undefined ? undefined : FILTERS[near];
  return {
    code: 'HB243',
    message: `there is no filter "${name}"`,
    ...(near === undefined ? {} : { suggestion: near }),
    fix: fact?.example ?? 'hanbus explain HB243',
  };
}

/** Says the right use beside what is wrong. */
function withUse(name: string, { args, example }: FilterFact, fault: Fault): Fault {
  if (!/^(?:needs|cannot|has) /.test(fault.message)) return { fix: example, ...fault };
  const form = [name, ...args.map(({ name: arg, optional }) => (optional ? `[${arg}]` : `<${arg}>`))].join(' ');
  const message = `${name} ${fault.message}; it is written ${form}`;
  return { code: fault.code, message, suggestion: example, fix: example };
}

/** One argument; undefined when an optional one is missing. */
function readArg(name: string, spec: ArgSpec, cursor: Cursor): FilterArg | Fault | undefined {
  const found = cursor.tokens[cursor.at];
  const arg = found === undefined ? undefined : READERS[spec.kind](cursor, { spec, filter: name });
  if (arg !== undefined || spec.optional === true) return arg;
  return {
    code: 'HB244',
    message: found === undefined ? `needs ${spec.name}` : `cannot read ${JSON.stringify(found)} as ${spec.name}`,
  };
}

type Args = Record<string, FilterArg>;

/** Reads the arguments in the order of the catalogue. */
function readArgs(name: string, fact: FilterFact, cursor: Cursor): { args: Args } | { fault: Fault } {
  const args: Args = {};
  for (const spec of fact.args) {
    const arg = readArg(name, spec, cursor);
    if (arg === undefined) continue;
    if ('code' in arg) return { fault: arg };
    args[spec.name] = arg;
  }
  const left = cursor.tokens[cursor.at];
  if (left === undefined) return { args };
  return { fault: { code: 'HB244', message: `has ${JSON.stringify(left)} too much` } };
}

/** What a person wrote as words and structures: `median 5`, `{median: 5}`, `{calibrate exact: [[0, 1], [5, 6]]}`. */
function tokensIn(raw: unknown): readonly unknown[] | Fault {
  if (typeof raw === 'string') return tokensOf(raw);
  const entries = isRecord(raw) ? Object.entries(raw) : [];
  const [only, ...more] = entries;
  if (only === undefined || more.length > 0) {
    const message = 'a filter is a text such as "median 5" or one key such as {median: 5}';
    return { code: 'HB244', message, suggestion: 'median 5', fix: 'median 5' };
  }
  const head = tokensOf(only[0]);
  if (!Array.isArray(head)) return head;
  const value: unknown = only[1];
  if (value === null || value === true) return head;
  if (Array.isArray(value) && !Array.isArray(value[0])) return [...head, ...value];
  if (typeof value !== 'string') return [...head, value];
  const tail = tokensOf(value);
  return Array.isArray(tail) ? [...head, ...tail] : tail;
}

/** One step, or what is wrong with it. */
export function parseFilter(raw: unknown): FilterStep | Fault {
  const tokens = tokensIn(raw);
  if ('code' in tokens) return tokens;
  const [name] = tokens;
  if (typeof name !== 'string') return unknown(name === undefined ? '' : shortValue(name));
  const fact = Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined;
  if (fact === undefined) return unknown(name);
  const read = readArgs(name, fact, { tokens, at: 1 });
  if ('fault' in read) return withUse(name, fact, read.fault);
  const fault = checkStep(name, read.args);
  if (fault !== undefined) return withUse(name, fact, fault);
  return { name, text: stepText(name, read.args), args: read.args };
}

export interface ParsedFilters {
  readonly steps: readonly FilterStep[];
  readonly problems: readonly PathProblem[];
}

/** A filter chain: a list of steps, or one step alone. All problems in one pass; steps that are wrong are left out. */
export function parseFilters(raw: unknown): ParsedFilters {
  const list: readonly unknown[] = Array.isArray(raw) ? raw : [raw];
  const steps: FilterStep[] = [];
  const problems: PathProblem[] = [];
  if (list.length > MAX_STEPS) {
    problems.push({ path: [], code: 'HB245', message: `a chain of ${list.length} filters; ${MAX_STEPS} at most` });
  }
  for (const [index, one] of list.slice(0, MAX_STEPS).entries()) {
    const step = parseFilter(one);
    if ('code' in step) problems.push({ path: Array.isArray(raw) ? [index] : [], ...step });
    else steps.push(step);
  }
  return { steps, problems };
}
