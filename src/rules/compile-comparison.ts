import type { Value } from '../schemes/reading.ts';
import type { Term, Test } from '../schemes/rules/test.ts';
import type { CompileKit, Dependence } from './compile-kit.ts';
import { compileTerm, type Evaluate, numberOf } from './compile-term.ts';
import { isSame } from './slots.ts';
import { hysteresisTracker } from './trackers.ts';
import { type Check, not, type Truth } from './truth.ts';

type Comparison = Extract<Test, { readonly op: '!=' | '<' | '<=' | '=' | '>' | '>=' }>;

const DAY = 86_400_000;

/** On or off; words of messages too. */
export function booleanOf(value: Value | undefined): Truth {
  if (typeof value === 'boolean') return value;
  if (value === 'on' || value === 'true' || value === 'ON' || value === '1' || value === 1) return true;
  if (value === 'off' || value === 'false' || value === 'OFF' || value === '0' || value === 0) return false;
  return undefined;
}

/** The time of the day passes a constant: asked again then, and 1 ms after, when the constant is no longer reached. */
export function addBound(term: Term, bound: Term, { now, time }: CompileKit, dependence: Dependence): void {
  if (term.op !== 'time' || bound.op !== 'const' || typeof bound.value !== 'number') return;
  const bounds = [bound.value % DAY, (bound.value + 1) % DAY];
  let [since, next] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  dependence.changes.push(() => {
    if (!now.isTrusted) return Number.POSITIVE_INFINITY;
    if (now.wall < since || now.wall >= next) {
      since = now.wall;
      next = Math.min(...bounds.map((at) => time.nextClock(at, since)));
    }
    return now.mono + next - now.wall;
  });
}

const COMPARE = {
  '<': (left: number, right: number) => left < right,
  '<=': (left: number, right: number) => left <= right,
  '>': (left: number, right: number) => left > right,
  '>=': (left: number, right: number) => left >= right,
};

/** Two terms side by side. */
export function comparison(test: Comparison, kit: CompileKit, dependence: Dependence): Check {
  const { op, left, right } = test;
  if (op === '=' || op === '!=') {
    const equal = equality(compileTerm(left, kit, dependence), compileTerm(right, kit, dependence));
    return op === '=' ? equal : not(equal);
  }
  const exact = left.op === 'age' ? ageCheck(test, kit, dependence) : pointCheck(test, kit, dependence);
  if (exact !== undefined) return exact;
  addBound(left, right, kit, dependence);
  const [a, b] = [compileTerm(left, kit, dependence), compileTerm(right, kit, dependence)];
  const compare = COMPARE[op];
  if (test.hysteresis === undefined || test.hysteresis === 0) {
    return () => {
      const x = numberOf(a());
      const y = numberOf(b());
      return x === undefined || y === undefined ? undefined : compare(x, y);
    };
  }
  // To the side from which it must come back.
  const slack = op === '>' || op === '>=' ? -test.hysteresis : test.hysteresis;
  return hysteresisTracker((isOn) => {
    const [x, y] = [numberOf(a()), numberOf(b())];
    return x === undefined || y === undefined ? undefined : compare(x, isOn ? y + slack : y);
  }, dependence);
}

/** A point beside a constant, as most tests are: one closure. */
function pointCheck(test: Comparison, { slots }: CompileKit, dependence: Dependence): Check | undefined {
  const { op, left, right, hysteresis = 0 } = test;
  if (left.op !== 'point' || right.op !== 'const' || typeof right.value !== 'number' || hysteresis !== 0)
    return undefined;
  if (op === '=' || op === '!=') return undefined;
  const slot = slots.of(left.point);
  dependence.slots.add(slot);
  const [bound, compare] = [right.value, COMPARE[op]];
  dependence.gap = () => (typeof slot.value === 'number' ? Math.abs(slot.value - bound) : Number.NaN);
  return () => {
    const value = slot.isKnown ? slot.value : undefined;
    return typeof value === 'number' ? compare(value, bound) : undefined;
  };
}

/** `age(point) > 5min`: asked again at just that age. */
function ageCheck(test: Comparison, { slots, now }: CompileKit, dependence: Dependence): Check | undefined {
  const { op, left, right } = test;
  if (left.op !== 'age' || right.op !== 'const' || typeof right.value !== 'number') return undefined;
  if (op === '=' || op === '!=') return undefined;
  const slot = slots.of(left.point);
  dependence.slots.add(slot);
  const [bound, compare] = [right.value, COMPARE[op]];
  dependence.changes.push(() => {
    const at = slot.goodAt + bound;
    if (at > now.mono) return at;
    return at + 1 > now.mono ? at + 1 : Number.POSITIVE_INFINITY;
  });
  return () => (slot.goodAt === Number.NEGATIVE_INFINITY ? undefined : compare(now.mono - slot.goodAt, bound));
}

/** Values of one kind are compared as they are; text of a message as the kind of the other side. */
function equality(left: Evaluate, right: Evaluate): Check {
  return () => {
    const [a, b] = [left(), right()];
    if (a === undefined || b === undefined) return undefined;
    if (typeof a === typeof b) return isSame(a, b);
    if (typeof a === 'number' || typeof b === 'number') return same(numberOf(a), numberOf(b));
    if (typeof a === 'boolean' || typeof b === 'boolean') return same(booleanOf(a), booleanOf(b));
    return false;
  };
}

/** What cannot be read as the kind of the other is not equal to it. */
const same = <T>(left: T | undefined, right: T | undefined): boolean => left !== undefined && left === right;
