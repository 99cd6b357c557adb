import { distance } from 'fastest-levenshtein';
import type { FilterStep } from './filter.ts';
import { FILTERS } from './filter-catalog.ts';
import type { FilterFact } from './filter-fact.ts';
import { type Misread, readStep } from './filter-read.ts';
import { tokensOf } from './filter-tokens.ts';
import type { PathProblem } from './path-problem.ts';
import type { Fault } from './units-time.ts';
import { isRecord, shortValue, yamlValue } from './yaml-value.ts';

/** Longest chain; nobody needs more, and each step costs. */
const MAX_STEPS = 20;

const LONGEST_LIST = 200;

/** A longer word is not a misspelt name. */
const LONGEST_NAME = 64;

/** The filter that was probably meant. */
export function nearestFilter(name: string): string | undefined {
  if (name.length > LONGEST_NAME) return undefined;
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

function factOf(name: string): FilterFact | undefined {
  return Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined;
}

/** The text of words that make a right step, or undefined. */
function rightText(tokens: readonly unknown[]): string | undefined {
  const [name] = tokens;
  const fact = typeof name === 'string' ? factOf(name) : undefined;
  const step = fact === undefined || typeof name !== 'string' ? undefined : readStep(name, fact, tokens);
  return step !== undefined && 'text' in step ? step.text : undefined;
}

function unknown(name: string, [, ...words]: readonly unknown[]): Fault {
  const near = nearestFilter(name);
  const fault = { code: 'HB243', message: `there is no filter "${shortValue(name)}"` };
  if (near === undefined) return { ...fault, fix: 'hanbus explain HB243' };
  const fix = rightText([near, ...words]) ?? factOf(near)?.example ?? near;
  return { ...fault, suggestion: `did you mean "${near}"?`, fix };
}

/** Says the right use beside what is wrong: with the person's own words where they can be mended. */
function misuse(name: string, fact: FilterFact, tokens: readonly unknown[], { fault, from, to }: Misread): Fault {
  if (/^(?:needs|cannot|does) /.test(fault.message)) {
    const form = [name, ...fact.args.map(({ name: arg, optional }) => (optional ? `[${arg}]` : `<${arg}>`))].join(' ');
    return { code: fault.code, message: `${name} ${fault.message}; it is written ${form}`, fix: fact.example };
  }
  if (fault.fix !== undefined) return fault;
  const better = fault.suggestion === undefined ? [] : [fault.suggestion];
  const fix = rightText([...tokens.slice(0, from), ...better, ...tokens.slice(to)]) ?? fact.example;
  return { ...fault, suggestion: fix === fact.example ? `it is written as ${fix}` : `did you mean ${fix}?`, fix };
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
  const tail = valueTokens(only[1]);
  return Array.isArray(tail) ? [...head, ...tail] : tail;
}

/** The words in the value of `{name: value}`. A list of lists is one word: pairs. */
function valueTokens(value: unknown): unknown[] | Fault {
  if (value === null || value === true) return [];
  if (typeof value === 'string') return tokensOf(value);
  if (!Array.isArray(value)) return [value];
  if (value.length > LONGEST_LIST) {
    return { code: 'HB245', message: `a filter with a list of ${value.length}; ${LONGEST_LIST} at most` };
  }
  return Array.isArray(value[0]) ? [value] : [...value];
}

/** One step, or what is wrong with it. */
export function parseFilter(raw: unknown): FilterStep | Fault {
  const tokens = tokensIn(raw);
  if ('code' in tokens) return tokens;
  const [name] = tokens;
  if (typeof name !== 'string') return unknown(name === undefined ? '' : shortValue(name), tokens);
  const fact = factOf(name);
  if (fact === undefined) return unknown(name, tokens);
  const step = readStep(name, fact, tokens);
  return 'text' in step ? step : misuse(name, fact, tokens, step);
}

/** A fix goes into YAML, where brackets and braces need quotes: `"map {0: closed}"`. */
function pastable({ fix }: Fault): Pick<Fault, 'fix'> {
  return fix === undefined ? {} : { fix: yamlValue(fix) };
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
    if ('code' in step) problems.push({ path: Array.isArray(raw) ? [index] : [], ...step, ...pastable(step) });
    else steps.push(step);
  }
  return { steps, problems };
}
