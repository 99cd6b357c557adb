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
import type { ArgKind, ArgSpec, FilterFact } from './filter-fact.ts';
import { checkStep } from './filter-limits.ts';
import { pairs, values, words } from './filter-lists.ts';
import { stepText } from './filter-text.ts';
import type { Fault } from './units-time.ts';
import { shortValue } from './yaml-value.ts';

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

/** One argument; undefined when an optional one is missing. */
function readArg(name: string, spec: ArgSpec, cursor: Cursor): FilterArg | Fault | undefined {
  const found = cursor.tokens[cursor.at];
  const arg = found === undefined ? undefined : READERS[spec.kind](cursor, { spec, filter: name });
  if (arg !== undefined || spec.optional === true) return arg;
  return {
    code: 'HB244',
    message: found === undefined ? `needs ${spec.name}` : `cannot read "${shortValue(found)}" as ${spec.name}`,
  };
}

/** What is wrong, and which words a better one would replace. */
export interface Misread {
  readonly fault: Fault;
  readonly from: number;
  readonly to: number;
}

/** Reads the words behind a name, in the order of the catalogue. */
export function readStep(name: string, fact: FilterFact, tokens: readonly unknown[]): FilterStep | Misread {
  const args: Record<string, FilterArg> = {};
  const cursor: Cursor = { tokens, at: 1 };
  for (const spec of fact.args) {
    const from = cursor.at;
    const arg = readArg(name, spec, cursor);
    if (arg === undefined) continue;
    if ('code' in arg) return { fault: arg, from, to: Math.max(cursor.at, from + 1) };
    args[spec.name] = arg;
  }
  const left = tokens[cursor.at];
  if (left !== undefined) {
    const fault = { code: 'HB244', message: `does not take "${shortValue(left)}"` };
    return { fault, from: cursor.at, to: tokens.length };
  }
  const fault = checkStep(name, args);
  return fault === undefined ? { name, text: stepText(name, args), args } : { fault, from: 1, to: tokens.length };
}
