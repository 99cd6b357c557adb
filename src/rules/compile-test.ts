import type { Test } from '../schemes/rules/test.ts';
import { addBound, booleanOf, comparison } from './compile-comparison.ts';
import type { CompileKit, Dependence } from './compile-kit.ts';
import { compileTerm, type Evaluate, numberOf } from './compile-term.ts';
import { subjectName } from './slots.ts';
import { forTracker } from './trackers.ts';
import { type Check, not, type Truth } from './truth.ts';

type Of<Op extends Test['op']> = Extract<Test, { readonly op: Op }>;

/** Compiled once to closures over the slots that it mentions. */
export function compileTest(test: Test, kit: CompileKit, dependence: Dependence): Check {
  switch (test.op) {
    case 'and':
    case 'or':
    case 'not':
      return composed(test, kit, dependence);
    case 'true':
      return truthOf(compileTerm(test.of, kit, dependence));
    case 'for':
      return forTracker(compileTest(test.test, kit, dependence), test.ms, kit.now, dependence);
    case 'in':
      return within(test, kit, dependence);
    case 'stale':
    case 'gone':
      return ofSlot(test, kit, dependence);
    case 'sun':
      return ofSun(test.is === 'up', kit, dependence);
    case '!=':
    case '<':
    case '<=':
    case '=':
    case '>':
    case '>=':
      return comparison(test, kit, dependence);
  }
}

function composed(test: Of<'and' | 'not' | 'or'>, kit: CompileKit, dependence: Dependence): Check {
  const inner = test.op === 'not' ? [test.test] : test.tests;
  const checks = inner.map((one) => compileTest(one, kit, dependence));
  // How near several of them are is no single number.
  dependence.gap = undefined;
  if (test.op !== 'not') return several(test.op === 'or', checks);
  const [check] = checks;
  return check === undefined ? () => undefined : not(check);
}

/** Three-valued: false wins in `and`, true in `or`, and what is left is unknown if any is. */
function several(winner: boolean, checks: readonly Check[]): Check {
  return () => {
    let result: Truth = !winner;
    for (const check of checks) {
      const truth = check();
      if (truth === winner) return winner;
      if (truth === undefined) result = undefined;
    }
    return result;
  };
}

function truthOf(of: Evaluate): Check {
  return () => booleanOf(of());
}

function ofSlot(test: Of<'gone' | 'stale'>, { slots }: CompileKit, dependence: Dependence): Check {
  const slot = slots.of(test.op === 'stale' ? test.point : subjectName(test.subject));
  dependence.slots.add(slot);
  if (test.op === 'stale') return () => !slot.isKnown;
  return () => (slot.isKnown ? slot.value === false : undefined);
}

function ofSun(wantsUp: boolean, { now, sun }: CompileKit, dependence: Dependence): Check {
  if (sun === undefined) return () => undefined;
  dependence.readsClock = true;
  dependence.changes.push(() =>
    now.isTrusted ? now.mono + sun.upAt(now.wall).until - now.wall : Number.POSITIVE_INFINITY,
  );
  return () => (now.isTrusted ? sun.upAt(now.wall).isUp === wantsUp : undefined);
}

function within({ of, from, to, wraps }: Of<'in'>, kit: CompileKit, dependence: Dependence): Check {
  const [value, low, high] = [of, from, to].map((term) => compileTerm(term, kit, dependence));
  if (value === undefined || low === undefined || high === undefined) return () => undefined;
  for (const bound of [from, to]) addBound(of, bound, kit, dependence);
  return () => {
    const [v, a, b] = [numberOf(value()), numberOf(low()), numberOf(high())];
    if (v === undefined || a === undefined || b === undefined) return undefined;
    return wraps ? v >= a || v <= b : v >= a && v <= b;
  };
}
