import { expect, test } from 'vitest';
import { runTests } from '../../src/rules/run-tests.ts';
import type { Value } from '../../src/schemes/reading.ts';
import type { Expected, Rule, RuleTest } from '../../src/schemes/rules/rule.ts';
import { above, book, on, point, rule, set, value } from './world.ts';

const OPTIONS = { timeZone: 'Europe/Amsterdam', node: 'garden' };
const SOIL = 'garden.soil.moisture';
const PUMP = 'garden.pump.state';

const water = rule('water', {
  when: [on({ op: 'for', test: { op: '<', left: point(SOIL), right: value(30) }, ms: 600_000 })],
  if: {
    op: 'in',
    of: { op: 'time' },
    from: value(6 * 3_600_000),
    to: value(20 * 3_600_000),
    wraps: false,
    text: 'day',
  },
  then: [set(PUMP, true, { forMs: 20_000 })],
});

type Given = readonly [values: Record<string, Value | undefined>, forMs: number];

function outcome(one: Rule, given: readonly Given[], expected: readonly Expected[], more: Partial<RuleTest> = {}) {
  const steps = given.map(([values, forMs]) => ({ values: new Map(Object.entries(values)), forMs }));
  const test: RuleTest = { rule: one.name, given: steps, afterMs: 0, expect: expected, ...more };
  return runTests(book([one], { tests: [test] }), OPTIONS)[0];
}

test('a rule that does what its test expects', () => {
  const done = outcome(water, [[{ [SOIL]: 20 }, 660_000]], [{ target: PUMP, value: true, forMs: 20_000 }]);
  expect(done).toMatchObject({ rule: 'water', index: 0, isOk: true, got: ['garden.pump.state: on for 20s'] });
});

test('no output is expected at night, and when it is too short', () => {
  const night = { timeMs: 22 * 3_600_000 };
  expect(outcome(water, [[{ [SOIL]: 20 }, 660_000]], [], night)?.isOk).toBe(true);
  expect(outcome(water, [[{ [SOIL]: 20 }, 590_000]], [])?.isOk).toBe(true);
  expect(outcome(water, [[{ [SOIL]: 20 }, 660_000]], [])?.isOk).toBe(false);
});

test('a wrong value, a wrong time and one too many fail', () => {
  const given: Given[] = [[{ [SOIL]: 20 }, 660_000]];
  expect(outcome(water, given, [{ target: PUMP, value: false }])?.isOk).toBe(false);
  expect(outcome(water, given, [{ target: PUMP, value: true, forMs: 30_000 }])?.isOk).toBe(false);
  expect(outcome(water, given, [{ target: PUMP }, { target: PUMP }])?.isOk).toBe(false);
  const failed = outcome(water, [[{ [SOIL]: 40 }, 660_000]], [{ target: PUMP }]);
  expect(failed?.isOk).toBe(false);
  expect(failed?.why).not.toBe('');
});

test('a plain test fires at the first value', () => {
  const cool = rule('cool', { when: [on(above('a.b.c', 28))], then: [set('a.fan.state', true)] });
  expect(outcome(cool, [[{ 'a.b.c': 29 }, 0]], [{ target: 'a.fan.state', value: true }])?.isOk).toBe(true);
  expect(outcome(cool, [[{ 'a.b.c': 27 }, 0]], [])?.isOk).toBe(true);
});

test('a schedule at the very time of the test fires after the values are given', () => {
  const wake = rule('wake', {
    when: [{ on: 'clock', atMs: 27_000_000, text: '07:30' }],
    if: { op: '=', left: point('home.mode'), right: value('home'), text: 'home' },
    then: [set('a.lamp.state', true)],
  });
  const at = { timeMs: 27_000_000 };
  expect(outcome(wake, [[{ 'x.y.z': 1, 'home.mode': 'home' }, 0]], [{ target: 'a.lamp.state' }], at)?.isOk).toBe(true);
  expect(outcome(wake, [[{ 'home.mode': 'away' }, 0]], [], at)?.isOk).toBe(true);
  expect(outcome(wake, [[{ 'home.mode': 'home' }, 0]], [], { timeMs: 27_000_001 })?.isOk).toBe(true);
});

test('a device that is gone', () => {
  const lost = rule('lost', {
    when: [{ on: 'gone', subject: { kind: 'device', name: 'a.fridge' }, text: 'fridge is gone' }],
    then: [{ do: 'service', service: 'mail', args: { text: { from: 'const', value: 'gone' } }, text: 'mail' }],
  });
  expect(outcome(lost, [[{ 'a.fridge.state': undefined }, 0]], [{ target: 'service:mail', value: 'gone' }])?.isOk).toBe(
    true,
  );
  expect(outcome(lost, [[{ 'a.fridge.state': 4 }, 0]], [])?.isOk).toBe(true);
});

test('scenes, rules and messages can be expected', () => {
  const all = rule('all', {
    when: [{ on: 'message', filter: 'in/+', text: 'in/+' }],
    then: [
      { do: 'scene', scene: 'evening', text: 'evening' },
      { do: 'rule', rule: 'other', on: false, text: 'other off' },
      {
        do: 'publish',
        topic: ['out'],
        payload: { form: 'json', members: { b: { from: 'const', value: 1 } }, over: true },
        retain: false,
        qos: 0,
        text: 'out',
      },
    ],
  });
  const expected = [
    { target: 'scene:evening' },
    { target: 'rule:other', value: false },
    { target: 'topic:out', value: { b: 1, a: 2 } },
  ];
  expect(outcome(all, [[{ 'topic:in/x': '{"a":2}' }, 0]], expected)?.isOk).toBe(true);
});
