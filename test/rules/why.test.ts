import { expect, test } from 'vitest';
import { durationWords, testWords } from '../../src/rules/words.ts';
import type { Test } from '../../src/schemes/rules/test.ts';
import { above, book, makeWorld, on, point, rule, set, type TestWorld, value } from './world.ts';

const T = 'kitchen.air.temperature';
const HOUR = 3_600_000;
const day: Test = { op: 'in', of: { op: 'time' }, from: value(6 * HOUR), to: value(20 * HOUR), wraps: false };
const home: Test = { op: '=', left: point('home.mode'), right: value('home') };
const cool = rule('cool', {
  when: [on({ op: 'for', test: above(T, 28), ms: 120_000 }, 'air.temperature > 28°C for 2min')],
  if: { op: 'and', tests: [home, day], text: 'home.mode is home and time in 06:00..20:00' },
  then: [set('kitchen.fan.state', true)],
  cooldownMs: 10 * 60_000,
});

function cooled(): TestWorld {
  const world = makeWorld();
  world.load(cool);
  return world;
}

const why = (world: TestWorld, name = 'cool') => world.engine.why(name, world.moment);
const needs = (world: TestWorld) => why(world)?.tests.map(({ needs: words }) => words);

test('what was never seen, what is too little, what is too short', () => {
  const world = cooled();
  expect(needs(world)).toEqual([`${T} was never seen`, 'home.mode was never seen', undefined]);
  world.say(T, 27.6);
  world.say('home.mode', 'away');
  expect(needs(world)).toEqual(['27.6 °C now, needs more than 28 °C, for 2 min', 'away now, needs home', undefined]);
  expect(why(world)?.tests.map(({ holds }) => holds)).toEqual([false, false, true]);
  expect(why(world)?.nearest?.text).toBe('0.4 °C away from air.temperature > 28°C for 2min');
  world.say(T, 29);
  world.pass(72_000);
  expect(needs(world)?.[0]).toBe('true for 1 min 12 s, needs 2 min');
  expect(why(world)?.tests[0]?.now).toEqual({ [T]: 29 });
  world.say(T, 28.1);
  // It holds, only not for long enough yet: it is not 0.1 °C away.
  expect(why(world)?.nearest?.text).toBe('0.4 °C away from air.temperature > 28°C for 2min');
  world.say(T, 29, 'stale');
  expect(needs(world)?.[0]).toBe(`${T} has no good reading now`);
});

test('the nearest miss: too short, no condition, resting', () => {
  const world = cooled();
  world.say('home.mode', 'away');
  world.say(T, 29);
  world.pass(72_000);
  world.say(T, 27);
  expect(why(world)?.nearest?.text).toContain('only for 1 min 12 s');
  world.say(T, 29);
  world.pass(120_000);
  expect(why(world)?.nearest?.text).toContain('the condition did not hold');
  world.say('home.mode', 'home');
  world.say(T, 20);
  world.say(T, 29);
  world.pass(120_000);
  expect(why(world)?.nearest).toBeUndefined();
  expect(why(world)?.last).toMatchObject({ result: 'acted', values: { [T]: 29, 'home.mode': 'home' } });
  world.say(T, 20);
  world.say(T, 29);
  world.pass(120_000);
  expect(why(world)?.nearest?.text).toContain('it still rested');
  expect(why(world)?.next).toMatch(/^It rests for another 8 min/);
});

test('what comes next, in a sentence', () => {
  const world = makeWorld();
  const wake = rule('wake', {
    when: [{ on: 'clock', atMs: 7.5 * HOUR, text: '07:30' }],
    then: [{ do: 'wait', ms: 1_000, text: 'wait 1s' }],
  });
  world.engine.load(book([wake], { waiting: [{ rule: 'later', missing: ['a.b.c'] }] }), world.moment);
  expect(why(world, 'wake')?.next).toBe('It runs when it is 07:30: next at 07:30 on 2026-01-13.');
  expect(why(world, 'later')).toMatchObject({ state: 'waiting', next: 'It waits for what was never seen: a.b.c.' });
  expect(world.engine.list(world.moment).map(({ rule: name, state }) => [name, state])).toEqual([
    ['later', 'waiting'],
    ['wake', 'ready'],
  ]);
  expect(why(world, 'none')).toBeUndefined();
  world.engine.run('wake', world.moment);
  expect(why(world, 'wake')?.next).toBe('It is running: wait 1s.');
  world.engine.enable('wake', false, world.moment);
  expect(why(world, 'wake')?.next).toContain('hanbus rule resume wake');
});

test.each([
  [{ on: 'changed', point: T, text: 'air.temperature changed' }, 'It runs when air.temperature changes.'],
  [{ on: 'gone', subject: { kind: 'peer', name: 'garden' }, text: 'garden is gone' }, 'It runs when garden is gone.'],
  [{ on: 'message', filter: 'a/+', text: 'message "a/+"' }, 'It runs when a message "a/+" comes.'],
  [{ on: 'start', text: 'start' }, 'It runs when the node has started.'],
] as const)('%j comes as news', (when, next) => {
  const world = makeWorld();
  world.load(rule('cool', { when: [when], then: [] }));
  expect(why(world)?.next).toBe(next);
});

test('without a place there is no sun', () => {
  const world = makeWorld();
  const start = { on: 'start', text: 'start' } as const;
  world.load(rule('cool', { when: [start], then: [], if: { op: 'sun', is: 'down', text: 'sun is down' } }));
  expect(needs(world)).toEqual([expect.stringContaining('nobody has said where this home is')]);
});

test('traces by interest: 20 that acted, 20 that failed, one per hour of the rest', () => {
  const world = makeWorld();
  const press = { on: 'event', point: 'a.b.pressed', text: 'pressed' } as const;
  world.load(rule('cool', { when: [press], then: [set('a.x.s', 1)], if: { ...above(T, 5), text: 'warm' } }));
  const presses = (): void => {
    for (let index = 0; index < 50; index += 1) {
      world.event('a.b.pressed', 1);
      world.pass(1_000);
    }
  };
  world.say(T, 1);
  for (let hour = 0; hour < 3; hour += 1) {
    presses();
    world.pass(HOUR);
  }
  world.say(T, 9);
  presses();
  world.answer = 'failed';
  presses();
  const results = Map.groupBy(why(world)?.traces ?? [], ({ result }) => result);
  expect([...results].map(([result, traces]) => [result, traces.length])).toEqual([
    ['failed', 20],
    ['acted', 20],
    ['condition', 3],
  ]);
});

test('words', () => {
  expect([30, 1_000, 72_000, 120_000, 3_700_000, 90_000_000].map(durationWords)).toEqual([
    '30 ms',
    '1 s',
    '1 min 12 s',
    '2 min',
    '1 h 1 min',
    '1 d 1 h',
  ]);
  const world = { unitOf: () => '°C' };
  expect(testWords({ op: 'not', test: { op: 'or', tests: [above(T, 28), day] } }, world)).toBe(
    `not (${T} > 28 °C or time in 06:00..20:00)`,
  );
});
