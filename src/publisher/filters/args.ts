import { HanbusError } from '../../kit/errors.ts';
import type { Amount, FilterArg, FilterStep } from '../../schemes/filter.ts';
import { makeConverter } from '../../schemes/units.ts';

type Args = FilterStep['args'];

/** A step that did not come from the parser. */
function wrongArg(name: string): HanbusError {
  return new HanbusError('HB244', `a filter has no right argument "${name}"`, { fix: 'hanbus check' });
}

function argOf<K extends FilterArg['kind']>(args: Args, name: string, kind: K): Extract<FilterArg, { kind: K }> {
  const arg = args[name];
  if (arg === undefined || !isKind(arg, kind)) throw wrongArg(name);
  return arg;
}

function isKind<K extends FilterArg['kind']>(arg: FilterArg, kind: K): arg is Extract<FilterArg, { kind: K }> {
  return arg.kind === kind;
}

export function countArg(args: Args, name: string): number {
  return argOf(args, name, 'count').value;
}

export function numberArg(args: Args, name: string): number {
  return argOf(args, name, 'number').value;
}

export function timeArg(args: Args, name = 'time'): number {
  return argOf(args, name, 'time').ms;
}

export function pairsArg(args: Args, name = 'pairs'): readonly (readonly [Amount, Amount])[] {
  return argOf(args, name, 'pairs').pairs;
}

export function rangeArg(args: Args, name = 'range'): Extract<FilterArg, { kind: 'range' }> {
  return argOf(args, name, 'range');
}

export function valuesArg(args: Args, name: string): Extract<FilterArg, { kind: 'values' }>['values'] {
  return argOf(args, name, 'values').values;
}

export function wordsArg(args: Args, name = 'words'): Extract<FilterArg, { kind: 'words' }>['words'] {
  return argOf(args, name, 'words').words;
}

/** The word of a choice, or the first one when it was left out. */
export function wordArg(args: Args, name: string, otherwise: string): string {
  return args[name] === undefined ? otherwise : argOf(args, name, 'word').word;
}

export function amountArg(args: Args, name: string): Amount {
  return argOf(args, name, 'amount');
}

/** A place on the scale of the point: 32 °F is 0 °C. */
export function inUnit({ value, unit: from }: Amount, unit: string | undefined): number {
  return converter(from, unit)(value);
}

/** A step on the scale of the point: 1.8 °F is 1 °C. */
export function spanInUnit({ value, unit: from }: Amount, unit: string | undefined): number {
  const convert = converter(from, unit);
  return from === undefined ? value : convert(value) - convert(0);
}

function converter(from: string | undefined, to: string | undefined): (value: number) => number {
  if (from === undefined) return (value) => value;
  const convert = to === undefined ? undefined : makeConverter(from, to);
  if (convert !== undefined) return convert;
  const fix = to === undefined ? 'leave the unit out' : `use ${to} or another unit of the same kind`;
  throw new HanbusError('HB211', `${from} does not fit ${to ?? 'a value without a unit'}`, { fix });
}
