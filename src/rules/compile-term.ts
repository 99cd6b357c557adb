import type { Value } from '../schemes/reading.ts';
import type { Term } from '../schemes/rules/test.ts';
import type { CompileKit, Dependence } from './compile-kit.ts';
import { memberOf } from './message.ts';
import type { Now } from './now.ts';

/** The value of a term now; undefined: unknown. */
export type Evaluate = () => Value | undefined;

type Of<Op extends Term['op']> = Extract<Term, { readonly op: Op }>;

const MINUTE = 60_000;

/** Compiled once: a closure over the slots that it reads. */
export function compileTerm(term: Term, kit: CompileKit, dependence: Dependence): Evaluate {
  const compile = (inner: Term): Evaluate => compileTerm(inner, kit, dependence);
  switch (term.op) {
    case 'const':
      return constant(term.value);
    case 'point':
      return point(term.point, kit, dependence);
    case 'window':
      return window(term, kit, dependence);
    case 'age':
      return age(term, kit, dependence);
    case 'message':
    case 'topic':
      return ofMessage(term, kit.now);
    case 'now':
    case 'time':
    case 'weekday':
      return clock(term, kit, dependence);
    case 'negate':
      return numeric1(compile(term.of), (value) => -value);
    case 'convert': {
      const { factor, offset } = term;
      return numeric1(compile(term.of), (value) => value * factor + offset);
    }
    case 'call':
      return call(term.fn, term.args.map(compile));
    case '%':
    case '*':
    case '+':
    case '-':
    case '/':
      return arithmetic(term.op, compile(term.left), compile(term.right));
  }
}

const constant =
  (value: Value): Evaluate =>
  () =>
    value;

function point(name: string, { slots }: CompileKit, dependence: Dependence): Evaluate {
  const slot = slots.of(name);
  dependence.slots.add(slot);
  return () => (slot.isKnown ? slot.value : undefined);
}

function window({ point: name, ms, fn }: Of<'window'>, { slots, now }: CompileKit, dependence: Dependence): Evaluate {
  const slot = slots.of(name);
  const over = slots.window(slot, ms);
  dependence.slots.add(slot);
  dependence.changes.push(() => over.nextChange(fn, now.mono));
  return () => over.value(fn, now.mono);
}

/** Ages in a comparison change all the time; it is looked at each second. */
function age({ point: name }: Of<'age'>, { slots, now }: CompileKit, dependence: Dependence): Evaluate {
  const slot = slots.of(name);
  dependence.slots.add(slot);
  dependence.changes.push(() => now.mono + 1_000);
  return () => (slot.goodAt === Number.NEGATIVE_INFINITY ? undefined : now.mono - slot.goodAt);
}

function ofMessage(term: Of<'message' | 'topic'>, now: Now): Evaluate {
  if (term.op === 'topic') return () => now.message?.topic;
  const { path } = term;
  return () => (now.message === undefined ? undefined : memberOf(now.message, path));
}

/** The clock of the home; unknown while nobody has set it. Looked at each full minute, unless the test knows better. */
function clock({ op }: Of<'now' | 'time' | 'weekday'>, { now, time }: CompileKit, dependence: Dependence): Evaluate {
  dependence.readsClock = true;
  dependence.changes.push(() =>
    now.isTrusted ? now.mono + MINUTE - (((now.wall % MINUTE) + MINUTE) % MINUTE) : Number.POSITIVE_INFINITY,
  );
  if (op === 'now') return () => (now.isTrusted ? now.wall : undefined);
  if (op === 'time') return () => (now.isTrusted ? time.timeOf(now.wall) : undefined);
  return () => (now.isTrusted ? time.weekdayOf(now.wall) : undefined);
}

/** A number, or text of a message that says one; undefined for anything else. */
export function numberOf(value: Value | undefined): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);

function numeric1(of: Evaluate, work: (value: number) => number): Evaluate {
  return () => {
    const value = numberOf(of());
    return value === undefined ? undefined : finite(work(value));
  };
}

const WORK = {
  '+': (left: number, right: number) => left + right,
  '-': (left: number, right: number) => left - right,
  '*': (left: number, right: number) => left * right,
  // By zero it is not finite, so unknown.
  '/': (left: number, right: number) => left / right,
  '%': (left: number, right: number) => left % right,
};

function arithmetic(op: keyof typeof WORK, left: Evaluate, right: Evaluate): Evaluate {
  const work = WORK[op];
  return () => {
    const a = numberOf(left());
    const b = numberOf(right());
    return a === undefined || b === undefined ? undefined : finite(work(a, b));
  };
}

/** `round(x, 1)`: to so many decimals. */
function call(fn: Of<'call'>['fn'], args: readonly Evaluate[]): Evaluate {
  return () => {
    const values: number[] = [];
    for (const arg of args) {
      const value = numberOf(arg());
      if (value === undefined) return undefined;
      values.push(value);
    }
    const [value = Number.NaN, decimals = 0] = values;
    if (fn === 'abs') return finite(Math.abs(value));
    if (fn !== 'round') return finite(fn === 'max' ? Math.max(...values) : Math.min(...values));
    const scale = 10 ** Math.trunc(decimals);
    return finite(Math.round(value * scale) / scale);
  };
}
