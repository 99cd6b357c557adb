import type { Amount, FilterArg, FilterStep, Scalar } from './filter.ts';
import { durationText } from './quantity.ts';

function amountText({ value, unit = '' }: Amount): string {
  return `${value}${unit}`;
}

/** Quoted where it would read as something else. */
function scalarText(value: Scalar | Amount): string {
  if (typeof value === 'object') return amountText(value);
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'number') return String(value);
  const plain = /^[A-Za-z_][\w]*$/.test(value) && !/^(?:true|false|on|off|null|yes|no)$/i.test(value);
  return plain ? value : JSON.stringify(value);
}

/** Inside `{...}`, where YAML reads: its words for true and false. */
function entryText([from, to]: readonly [string, Scalar]): string {
  const key = /^[\w.%°-]+$/.test(from) ? from : JSON.stringify(from);
  return `${key}: ${typeof to === 'boolean' ? String(to) : scalarText(to)}`;
}

function argText(arg: FilterArg): string {
  switch (arg.kind) {
    case 'amount':
      return amountText(arg);
    case 'count':
    case 'number':
      return String(arg.value);
    case 'percent':
      return `${arg.value}%`;
    case 'time':
      return durationText(arg.ms);
    case 'range':
      return `${arg.low ? amountText(arg.low) : ''}..${arg.high ? amountText(arg.high) : ''}`;
    case 'pairs':
      return `[${arg.pairs.map((pair) => `[${pair.map(amountText).join(', ')}]`).join(', ')}]`;
    case 'values':
      return arg.values.map(scalarText).join(' ');
    case 'word':
      return arg.word;
    case 'words':
      return `{${[...arg.words].map(entryText).join(', ')}}`;
  }
}

/** The one right way to write a step; parsing it gives the step again. */
export function stepText(name: string, args: FilterStep['args']): string {
  return [name, ...Object.values(args).map(argText)].join(' ');
}
