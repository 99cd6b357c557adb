import type { Value } from '../schemes/reading.ts';
import type { Term, Test } from '../schemes/rules/test.ts';
import { shown } from '../schemes/units-shown.ts';
import type { EngineWorld } from './engine-world.ts';
import { momentText } from './moment-text.ts';
import { numberText } from './values.ts';

type Units = Pick<EngineWorld, 'unitOf'>;

const PARTS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** `1 min 12 s`: the two largest parts. */
export function durationWords(ms: number): string {
  const first = PARTS.findIndex(([, size]) => ms >= size);
  const [large, small] = [PARTS[first], PARTS[first + 1]];
  if (large === undefined) return `${Math.round(ms)} ms`;
  const count = Math.floor(ms / large[1]);
  const rest = small === undefined ? 0 : Math.floor((ms % large[1]) / small[1]);
  return `${count} ${large[0]}${small === undefined || rest === 0 ? '' : ` ${rest} ${small[0]}`}`;
}

/** A value as people read it, in the unit of the term that it is compared with. */
export function valueWords(value: Value, beside: Term, units: Units): string {
  if (typeof value !== 'number') return shown(value);
  const spoken = momentText(beside, value);
  if (spoken !== undefined) return spoken;
  if (beside.op === 'age') return durationWords(value);
  const unit = unitOfTerm(beside, units);
  return unit === undefined ? numberText(value) : shown(value, unit);
}

/** The unit that a term has for certain. */
function unitOfTerm(term: Term, units: Units): string | undefined {
  if (term.op === 'point') return units.unitOf?.(term.point);
  if (term.op === '+' || term.op === '-') return unitOfTerm(term.left, units);
  if (term.op === 'negate') return unitOfTerm(term.of, units);
  const isLikeThePoint = term.op === 'window' && (term.fn === 'avg' || term.fn === 'min' || term.fn === 'max');
  return isLikeThePoint ? units.unitOf?.(term.point) : undefined;
}

/** A term as it could be written. `beside`: the other side of a comparison, whose unit a constant has. */
export function termWords(term: Term, units: Units, beside: Term = term): string {
  switch (term.op) {
    case 'const':
      return valueWords(term.value, beside, units);
    case 'point':
      return term.point;
    case 'window':
      return `${term.fn}(${term.point}, ${durationWords(term.ms)})`;
    case 'negate':
      return `-${termWords(term.of, units)}`;
    case 'call':
      return `${term.fn}(${term.args.map((arg) => termWords(arg, units)).join(', ')})`;
    case 'convert':
      return termWords(term.of, units);
    case 'message':
      return ['message', ...term.path].join('.');
    case 'age':
      return `age(${term.point})`;
    case 'now':
    case 'time':
    case 'topic':
    case 'weekday':
      return term.op;
    case '%':
    case '*':
    case '+':
    case '-':
    case '/':
      return `${termWords(term.left, units)} ${term.op} ${termWords(term.right, units)}`;
  }
}

/** A test as it could be written. */
export function testWords(test: Test, units: Units): string {
  switch (test.op) {
    case 'and':
    case 'or':
      return test.tests.map((inner) => testWords(inner, units)).join(` ${test.op} `);
    case 'not':
      return `not (${testWords(test.test, units)})`;
    case 'for':
      return `${testWords(test.test, units)} for ${durationWords(test.ms)}`;
    case 'true':
      return `${termWords(test.of, units)} is on`;
    case 'stale':
      return `${test.point} is stale`;
    case 'gone':
      return `${test.subject.name} is gone`;
    case 'sun':
      return `sun is ${test.is}`;
    case 'in':
      return `${termWords(test.of, units)} in ${termWords(test.from, units, test.of)}..${termWords(test.to, units, test.of)}`;
    case '!=':
    case '<':
    case '<=':
    case '=':
    case '>':
    case '>=':
      return `${termWords(test.left, units, test.right)} ${test.op} ${termWords(test.right, units, test.left)}`;
  }
}
