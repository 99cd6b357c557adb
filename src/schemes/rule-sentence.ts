import { wordsOutside } from './quoted-spans.ts';

/** A rule as a person would write it in YAML. */
export type RuleData = Readonly<Record<string, unknown>>;

/** What a sentence does not say; the message can follow "the sentence is not understood: ". */
export class Misread extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Misread';
  }
}

/**
 * `when air.temperature > 28°C for 2min if home.mode is home then fan on else fan off` as the data of a rule. Several
 * actions are joined by `and` (together) or by a further `then` (one after the other). Throws Misread.
 */
export function parseSentence(text: string): RuleData {
  const [first = '', ...otherwise] = cut(text, 'else').map((part) => part.text);
  const parts = cut(first, 'if', 'then');
  const said = (word: string) => parts.filter((part) => part.word === word).map((part) => part.text);
  const when = said('')
    .join(' ')
    .replace(/^(?:when|at)\s+/i, '')
    .trim();
  const [condition, ...conditions] = said('if');
  if (when === '') throw new Misread('it does not say when');
  if (said('then').length === 0) throw new Misread('it does not say what to do: "then" is missing');
  if (conditions.length > 0 || otherwise.length > 1) throw new Misread('"if" and "else" can be said once');
  const back = otherwise.flatMap((half) => cut(half, 'then').map((part) => part.text));
  return {
    when,
    ...(condition === undefined ? {} : { if: condition }),
    then: stepsOf(said('then')),
    ...(back.length === 0 ? {} : { else: stepsOf(back) }),
  };
}

interface Part {
  /** The word before it; empty at the beginning. */
  readonly word: string;
  readonly text: string;
}

/** The texts between the words, in order. */
function cut(text: string, ...words: readonly string[]): readonly Part[] {
  const cuts = wordsOutside(text, words);
  const starts = [{ word: '', from: 0, to: 0 }, ...cuts];
  return starts
    .map(({ word, to }, index) => ({ word, text: text.slice(to, cuts[index]?.from ?? text.length).trim() }))
    .filter((part) => part.word !== '' || part.text !== '');
}

/** One map for what happens at once, a list of them for what happens in turn. */
function stepsOf(texts: readonly string[]): unknown {
  const steps = texts.map(stepOf);
  return steps.length === 1 ? steps[0] : steps;
}

function stepOf(text: string): RuleData {
  const together = cut(text, 'and').map((part) => actionOf(part.text));
  const targets = together.map(([target]) => target);
  const twice = targets.find((target, index) => targets.indexOf(target) !== index);
  if (twice !== undefined) throw new Misread(`${twice} is set twice at once`);
  if (targets.length > 1 && targets.includes('wait')) throw new Misread('"wait" stands alone: join it by "then"');
  if (targets.length === 0) throw new Misread('an action is missing');
  return Object.fromEntries(together);
}

function actionOf(text: string): [target: string, value: unknown] {
  const plain = text
    .replace(/^(?:set|switch|turn)\s+(?!to\b)/i, '')
    .replace(/^toggle\s+(\S+)$/i, '$1 toggle')
    .replace(/^(on|off)\s+(\S+)/i, '$2 $1')
    .replace(/^(\S+)\s+to\s+/i, '$1 ');
  const [target = ''] = plain.split(/\s/, 1);
  const value = plain.slice(target.length).trim();
  if (target === '') throw new Misread('an action is missing');
  if (value === '') throw new Misread(`it does not say what ${target} becomes`);
  return [target, plainValue(value)];
}

function plainValue(text: string): unknown {
  if (/^"[^"]*"$|^'[^']*'$/.test(text)) return text.slice(1, -1);
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
}
