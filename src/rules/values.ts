import { plainText, type Value } from '../schemes/reading.ts';
import type { Source, Template } from '../schemes/rules/step.ts';
import type { Term } from '../schemes/rules/test.ts';
import { makeDependence } from './compile-kit.ts';
import { compileTerm, type Evaluate } from './compile-term.ts';
import type { Machine } from './machine.ts';
import { momentText } from './moment-text.ts';

/** The value of a term in a step; undefined: unknown. */
export function valueOfTerm(term: Term, machine: Machine): Value | undefined {
  return term.op === 'const' ? term.value : evaluatorOf(term, machine)();
}

function evaluatorOf(term: Term, machine: Machine): Evaluate {
  let evaluate: Evaluate | undefined = machine.evaluators.get(term);
  if (evaluate === undefined) {
    evaluate = compileTerm(term, machine.kit, makeDependence());
    machine.evaluators.set(term, evaluate);
  }
  return evaluate;
}

/** What `valueOfSource` gives, for a source that is asked often. */
export function evaluatorOfSource(source: Source, machine: Machine): Evaluate {
  return source.from === 'term' ? evaluatorOf(source.term, machine) : () => valueOfSource(source, machine);
}

/** What an action writes. `target`: whose opposite a toggle takes. */
export function valueOfSource(source: Source, machine: Machine, target = ''): Value | undefined {
  switch (source.from) {
    case 'const':
      return source.value;
    case 'term':
      return valueOfTerm(source.term, machine);
    case 'text':
      return textOf(source.template, machine);
    case 'toggle': {
      const slot = machine.kit.slots.get(target);
      return !(slot?.isKnown === true && (slot.value === true || slot.value === 'on'));
    }
  }
}

/** Longest text that a rule makes: one that puts a message twice into the next one would soon fill the memory. */
export const LONGEST_TEXT = 262_144;

/**
 * Text with the values of now; undefined when it is too long. What is not known is said so: half a message is better than
 * none.
 */
export function textOf(template: Template, machine: Machine): string | undefined {
  let text = '';
  for (const piece of template) {
    text += typeof piece === 'string' ? piece : (pieceText(piece, machine) ?? 'unknown');
    if (text.length > LONGEST_TEXT) return undefined;
  }
  return text;
}

/** Like `textOf`, but undefined when a part is unknown: for a topic. */
export function wholeTextOf(template: Template, machine: Machine): string | undefined {
  let text = '';
  for (const piece of template) {
    const part = typeof piece === 'string' ? piece : pieceText(piece, machine);
    if (part === undefined) return undefined;
    text += part;
    if (text.length > LONGEST_TEXT) return undefined;
  }
  return text;
}

function pieceText({ term, decimals, unit }: Exclude<Template[number], string>, machine: Machine): string | undefined {
  const value = valueOfTerm(term, machine);
  if (value === undefined) return undefined;
  const text = typeof value === 'number' ? (momentText(term, value) ?? numberText(value, decimals)) : plainText(value);
  return unit === undefined || unit === '' ? text : `${text}${unit === '°' ? '' : ' '}${unit}`;
}

/** So many decimals; unsaid: at most three, without zeros at the end. */
export function numberText(value: number, decimals?: number): string {
  if (decimals !== undefined) return zeroed(value.toFixed(Math.min(Math.max(decimals, 0), 20)));
  if (Math.abs(value) >= 1e15) return String(value);
  return zeroed(String(Number(value.toFixed(3))));
}

const zeroed = (text: string): string => (/^-0(?:\.0+)?$/.test(text) ? text.slice(1) : text);
