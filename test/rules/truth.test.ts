import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeDependence } from '../../src/rules/compile-kit.ts';
import { compileTest } from '../../src/rules/compile-test.ts';
import { makeLocalTime } from '../../src/rules/local-time.ts';
import { makeNow } from '../../src/rules/now.ts';
import { SharedCode } from '../../src/rules/shared-code.ts';
import { Slots, takeReading } from '../../src/rules/slots.ts';
import type { Truth } from '../../src/rules/truth.ts';
import type { Quality } from '../../src/schemes/reading.ts';
import type { Term, Test } from '../../src/schemes/rules/test.ts';
import { above, makeWorld, on, point, rule, set, value } from './world.ts';

const X = 'a.b.x';
const Y = 'a.b.y';
type Said = boolean | number | string | { readonly value: number; readonly quality: Quality };

/** What a test says after some readings. */
function ask(test: Test, said: Readonly<Record<string, Said>> = {}): Truth {
  const slots = new Slots();
  const now = { ...makeNow(), wall: Date.UTC(2026, 0, 12, 11), isTrusted: true };
  const check = compileTest(
    test,
    {
      now,
      slots,
      time: makeLocalTime('Europe/Amsterdam'),
      sun: undefined,
      checks: new SharedCode(),
      writers: new SharedCode(),
    },
    makeDependence(),
  );
  for (const [name, one] of Object.entries(said)) {
    const isReading = typeof one === 'object';
    takeReading(slots.of(name), isReading ? one.value : one, isReading ? one.quality : 'good', 0);
  }
  return check();
}

const cmp = (op: '<' | '<=' | '=' | '!=' | '>' | '>=', left: Term, right: Term): Test => ({ op, left, right });
const sum = (op: '+' | '-' | '*' | '/' | '%', left: Term, right: Term): Term => ({ op, left, right });

test('comparisons of what is known', () => {
  expect(ask(above(X, 5), { [X]: 6 })).toBe(true);
  expect(ask(above(X, 5), { [X]: 5 })).toBe(false);
  expect(ask(cmp('>=', point(X), value(5)), { [X]: 5 })).toBe(true);
  expect(ask(cmp('=', point(X), value('home')), { [X]: 'home' })).toBe(true);
  expect(ask(cmp('!=', point(X), value('home')), { [X]: 'away' })).toBe(true);
  expect(ask(cmp('>', point(X), point(Y)), { [X]: 3, [Y]: 2 })).toBe(true);
  expect(ask({ op: 'true', of: point(X) }, { [X]: true })).toBe(true);
});

test('what is missing, stale, bad, no number or divided by zero is unknown', () => {
  expect(ask(above(X, 5))).toBeUndefined();
  for (const quality of ['stale', 'bad'] as const)
    expect(ask(above(X, 5), { [X]: { value: 9, quality } })).toBeUndefined();
  for (const quality of ['uncertain', 'manual'] as const)
    expect(ask(above(X, 5), { [X]: { value: 9, quality } })).toBe(true);
  expect(ask(above(X, 5), { [X]: Number.NaN })).toBeUndefined();
  expect(ask(cmp('>', sum('/', point(X), point(Y)), value(1)), { [X]: 1, [Y]: 0 })).toBeUndefined();
  expect(ask(cmp('=', sum('%', point(X), value(0)), value(1)), { [X]: 1 })).toBeUndefined();
  expect(ask(cmp('=', sum('*', value(1e300), value(1e300)), value(1)))).toBeUndefined();
  expect(ask(cmp('>', { op: 'window', fn: 'avg', point: X, ms: 1000 }, value(1)))).toBeUndefined();
  expect(ask({ op: 'sun', is: 'up' })).toBeUndefined();
  expect(ask({ op: 'gone', subject: { kind: 'peer', name: 'n' } })).toBeUndefined();
});

test('`is stale` is always known', () => {
  expect(ask({ op: 'stale', point: X })).toBe(true);
  expect(ask({ op: 'stale', point: X }, { [X]: 1 })).toBe(false);
  expect(ask({ op: 'stale', point: X }, { [X]: { value: 1, quality: 'stale' } })).toBe(true);
});

test('ranges include both ends, and may go around midnight', () => {
  const within = (from: number, to: number, wraps: boolean): Test => ({
    op: 'in',
    of: point(X),
    from: value(from),
    to: value(to),
    wraps,
  });
  for (const [x, expected] of [
    [1, false],
    [2, true],
    [4, true],
    [5, false],
  ] as const) {
    expect(ask(within(2, 4, false), { [X]: x })).toBe(expected);
  }
  for (const [x, expected] of [
    [23, true],
    [1, true],
    [22, true],
    [6, true],
    [12, false],
  ] as const) {
    expect(ask(within(22, 6, true), { [X]: x })).toBe(expected);
  }
});

test('`and`, `or` and `not` follow the table of three values', () => {
  const truth = fc.constantFrom(true, false, undefined);
  const leaf = (one: Truth): Test =>
    one === undefined ? above('never.seen.x', 0) : cmp('=', value(1), value(one ? 1 : 0));
  fc.assert(
    fc.property(fc.array(truth, { minLength: 1, maxLength: 4 }), (leaves) => {
      const tests = leaves.map(leaf);
      const and = leaves.includes(false) ? false : leaves.includes(undefined) ? undefined : true;
      const or = leaves.includes(true) ? true : leaves.includes(undefined) ? undefined : false;
      expect(ask({ op: 'and', tests })).toBe(and);
      expect(ask({ op: 'or', tests })).toBe(or);
      expect(ask({ op: 'not', test: { op: 'and', tests } })).toBe(and === undefined ? undefined : !and);
    }),
  );
});

test('hysteresis: once true, it must come back by so much', () => {
  const world = makeWorld();
  const warm: Test = { op: '>', left: point(X), right: value(28), hysteresis: 1 };
  world.load(rule('warm', { when: [on(warm)], then: [set('a.fan.state', true)], else: [set('a.fan.state', false)] }));
  for (const temperature of [20, 28.5, 27.5, 28.5, 27.1]) world.say(X, temperature);
  expect(world.took()).toEqual(['a.fan.state=on']);
  world.say(X, 27);
  expect(world.took()).toEqual(['a.fan.state=off']);
  world.say(X, 27.9);
  expect(world.took()).toEqual([]);
});

/** What the engine must do, written as plainly as can be: one rule `x > 0 for ms`, with else. */
function naive(
  steps: readonly { readonly x: number | undefined; readonly wait: number }[],
  ms: number,
): readonly string[] {
  const out: string[] = [];
  let [known, ran, held, since]: [Truth, boolean, boolean, number | undefined] = [undefined, false, false, undefined];
  let now = 0;
  const look = (x: number | undefined): void => {
    if (x === undefined || x <= 0) {
      held = x === undefined && (held || (since !== undefined && now - since >= ms));
      since = undefined;
    } else since ??= now;
    const long = since !== undefined && now - since >= ms;
    const truth: Truth = x === undefined ? undefined : x <= 0 ? false : long ? true : held ? undefined : false;
    if (truth === undefined) return;
    if (known === false && truth) {
      out.push('on');
      ran = true;
    } else if (known === true && !truth && ran) {
      out.push('off');
      ran = false;
    }
    known = truth;
  };
  for (const { x, wait } of steps) {
    look(x);
    const until = now + wait;
    if (since !== undefined && since + ms > now && since + ms <= until) {
      now = since + ms;
      look(x);
    }
    now = until;
    look(x);
  }
  return out;
}

test('edges and `for` do what the plain model does', () => {
  const step = fc.record({ x: fc.constantFrom(-1, 1, 2, undefined), wait: fc.integer({ min: 0, max: 30 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), fc.integer({ min: 1, max: 40 }), (steps, ms) => {
      const world = makeWorld();
      const test: Test = { op: 'for', test: above(X, 0), ms };
      // A counter of the node is no flapping.
      world.load(rule('$model', { when: [on(test)], then: [set('o', 'on')], else: [set('o', 'off')] }));
      for (const { x, wait } of steps) {
        world.say(X, x ?? 0, x === undefined ? 'stale' : 'good');
        world.pass(wait);
      }
      expect(world.took()).toEqual(naive(steps, ms).map((one) => `o=${one}`));
    }),
    { numRuns: 1000 },
  );
});
