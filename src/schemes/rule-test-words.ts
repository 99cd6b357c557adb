import { durationText } from './quantity.ts';
import { plainText } from './reading.ts';
import type { Term, Test } from './rules/test.ts';

/** How points are called for people. */
export interface WordNames {
  shortName(full: string): string;
  unitOf(full: string): string | undefined;
}

type Compare = Extract<Test, { left: Term }>;

const IS: Readonly<Record<Compare['op'], string>> = {
  '!=': 'is not',
  '<': 'is below',
  '<=': 'is at most',
  '=': 'is',
  '>': 'is above',
  '>=': 'is at least',
};
const BECOMES: Readonly<Record<Compare['op'], string>> = {
  '!=': 'is no longer',
  '<': 'falls below',
  '<=': 'falls to',
  '=': 'becomes',
  '>': 'goes above',
  '>=': 'rises to',
};

const OPPOSITE: Readonly<Record<Compare['op'], Compare['op']>> = {
  '!=': '=',
  '<': '>=',
  '<=': '>',
  '=': '!=',
  '>': '<=',
  '>=': '<',
};

/** `450` minutes after midnight as `07:30`. */
export function clockWords(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** A test that becomes true, as a trigger. */
export function testBecoming(test: Test, names: WordNames): string {
  if (test.op === 'for') return `${testBecoming(test.test, names)} and stays so for ${durationText(test.ms)}`;
  if ('right' in test) return compareWords(test, BECOMES[test.op], names);
  if (test.op === 'true') return `${termWords(test.of, names)} goes on`;
  if (test.op === 'not' && test.test.op === 'true') return `${termWords(test.test.of, names)} goes off`;
  if (test.op === 'not' && 'right' in test.test) return testBecoming(opposite(test.test), names);
  return testWords(test, names);
}

/** A test that holds. */
export function testWords(test: Test, names: WordNames): string {
  if ('right' in test) return compareWords(test, IS[test.op], names);
  switch (test.op) {
    case 'and':
    case 'or':
      return test.tests.map((one) => testWords(one, names)).join(` ${test.op} `);
    case 'not':
      if ('right' in test.test) return testWords(opposite(test.test), names);
      return test.test.op === 'true'
        ? `${termWords(test.test.of, names)} is off`
        : `not (${testWords(test.test, names)})`;
    case 'for':
      return `${testWords(test.test, names)} for ${durationText(test.ms)}`;
    case 'in':
      return rangeWords(test, names);
    case 'true':
      return `${termWords(test.of, names)} is on`;
    case 'stale':
      return `${names.shortName(test.point)} is stale`;
    case 'gone':
      return `${names.shortName(test.subject.name)} is away`;
    case 'sun':
      return `the sun is ${test.is}`;
  }
}

function opposite(test: Compare): Compare {
  return { ...test, op: OPPOSITE[test.op] };
}

function compareWords({ left, right, hysteresis }: Compare, verb: string, names: WordNames): string {
  const unit = unitOf(left, names) ?? unitOf(right, names);
  const back = hysteresis === undefined ? '' : ` (back by ${hysteresis}${unit === undefined ? '' : ` ${unit}`})`;
  return `${termWords(left, names)} ${verb} ${termWords(right, names, unit)}${back}`;
}

function rangeWords({ of, from, to }: Extract<Test, { op: 'in' }>, names: WordNames): string {
  if (of.op === 'time') return `it is between ${momentWords(from)} and ${momentWords(to)}`;
  const unit = unitOf(of, names);
  return `${termWords(of, names)} is between ${termWords(from, names, unit)} and ${termWords(to, names, unit)}`;
}

function momentWords(term: Term): string {
  return term.op === 'const' && typeof term.value === 'number' ? clockWords(term.value) : 'a time';
}

function unitOf(term: Term, names: WordNames): string | undefined {
  return term.op === 'point' || term.op === 'window' ? names.unitOf(term.point) : undefined;
}

function termWords(term: Term, names: WordNames, unit?: string): string {
  switch (term.op) {
    case 'const':
      return typeof term.value === 'number' ? amountWords(term.value, unit) : plainText(term.value);
    case 'point':
      return names.shortName(term.point);
    case 'window':
      return `${term.fn} of ${names.shortName(term.point)} over ${durationText(term.ms)}`;
    case 'age':
      return `the age of ${names.shortName(term.point)}`;
    case 'message':
      return term.path.length === 0 ? 'the message' : `${term.path.join('.')} of the message`;
    case 'topic':
      return 'its topic';
    case 'negate':
      return `-${termWords(term.of, names)}`;
    case 'convert':
      return termWords(term.of, names);
    case 'call':
      return `${term.fn}(${term.args.map((one) => termWords(one, names)).join(', ')})`;
    case 'now':
    case 'time':
    case 'weekday':
      return `the ${term.op}`;
    case '%':
    case '*':
    case '+':
    case '-':
    case '/':
      return `${termWords(term.left, names)} ${term.op} ${termWords(term.right, names)}`;
  }
}

/** Units that were converted leave long fractions. */
function amountWords(value: number, unit: string | undefined): string {
  const short = String(Number(value.toPrecision(6)));
  return unit === undefined ? short : `${short} ${unit}`;
}
