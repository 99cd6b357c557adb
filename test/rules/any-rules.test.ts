import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CommandState } from '../../src/schemes/command.ts';
import type { Value } from '../../src/schemes/reading.ts';
import { readRules } from '../../src/schemes/rules/read-rules.ts';
import type { RuleBook } from '../../src/schemes/rules/rule.ts';
import { HOME_TEXT, KITCHEN } from '../fakes/home-points.ts';
import { makeWorld, type TestWorld } from './world.ts';

const WHEN = [
  'air.temperature > 28',
  'air.temperature > 28 for 2min',
  'air.temperature > 28 hysteresis 1°C',
  'avg(air.temperature, 10min) > 25',
  'count(button.pressed, 1min) >= 3',
  'age(air.temperature) > 5min',
  'air.temperature / air.humidity > 1 for 5s',
  'lamp is on and not (air.humidity in 40..60)',
  'air.temperature is stale',
  'time in 22:00..06:00',
  'sun is down for 10min',
  'button.pressed',
  'lamp changed',
  'lamp rising',
  'air.humidity falling',
  '07:30',
  'every 7min',
  'cron "*/5 8-18 * * mon-fri"',
  'sunset + 15min',
  'fridge is gone',
  'garden is back',
  'message "a/+"',
  'start',
];
const IF = [
  'home.mode is home',
  'air.temperature > 20 for 1min',
  'time in 06:00..20:00',
  'max(air.temperature, 1h) < 40',
];
const THEN: readonly unknown[] = [
  { lamp: 'on' },
  { lamp: 'toggle' },
  { pump: 'on for 20s' },
  { 'fan.speed': 'high' },
  { wait: '90s' },
  { lights: 'off' },
  { scene: 'evening' },
  { mail: 'it is {air.temperature:0.0}' },
  { 'home.mode': 'night' },
  { publish: { topic: 'a/b', value: 'on' } },
  { parallel: [[{ wait: '10s' }, { lamp: 'on' }], [{ pump: 'off' }]] },
  { wait_until: { when: 'air.temperature < 20', timeout: '2min', then: 'continue' } },
];
const MODES = ['ignore', 'restart', 'queue', 'parallel'];

const ruleText = fc.record(
  {
    when: fc.oneof(fc.constantFrom(...WHEN), fc.subarray(WHEN, { minLength: 2, maxLength: 3 })),
    if: fc.constantFrom(...IF),
    then: fc.array(fc.constantFrom(...THEN), { minLength: 1, maxLength: 4 }),
    cooldown: fc.constantFrom('1min', '2h'),
    mode: fc.constantFrom(...MODES),
    catchup: fc.constantFrom('1h', '1d'),
  },
  { requiredKeys: ['when', 'then'] },
);

const bookOf = (texts: readonly object[]): RuleBook =>
  readRules(
    { ...HOME_TEXT, location: [52.1, 5.1], rules: Object.fromEntries(texts.map((text, index) => [`r${index}`, text])) },
    KITCHEN,
  ).book;

const NUMBERS = ['kitchen.air.temperature', 'kitchen.air.humidity'];
const STATES: readonly CommandState[] = ['done', 'failed', 'accepted', 'expired', 'unknown'];
const value: fc.Arbitrary<Value> = fc.oneof(
  fc.double({ min: -10, max: 60 }),
  fc.constantFrom<Value>(Number.NaN, Number.POSITIVE_INFINITY, 'x', '', true, false, { a: 1 }, []),
);

type Op = (world: TestWorld, books: readonly RuleBook[]) => void;
const ops: fc.Arbitrary<Op> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(...NUMBERS, 'kitchen.lamp.state', 'home.mode'),
      value,
      fc.constantFrom('good', 'stale', 'bad', 'uncertain'),
    )
    .map(
      ([name, to, quality]): Op =>
        (world) =>
          world.say(name, to, quality === 'stale' ? 'stale' : quality === 'bad' ? 'bad' : 'good'),
    ),
  value.map(
    (to): Op =>
      (world) =>
        world.event('kitchen.button.pressed', to),
  ),
  fc.tuple(fc.constantFrom('a/x', 'a/b', '$SYS/x', ''), fc.string()).map(
    ([topic, text]): Op =>
      (world) =>
        world.message(topic, text),
  ),
  fc.integer({ min: 0, max: 7_200_000 }).map(
    (ms): Op =>
      (world) =>
        world.pass(ms),
  ),
  fc.integer({ min: -90_000_000, max: 90_000_000 }).map(
    (ms): Op =>
      (world) =>
        world.jump(ms),
  ),
  fc.boolean().map(
    (isTrusted): Op =>
      (world) =>
        world.trust(isTrusted),
  ),
  fc.boolean().map(
    (isHere): Op =>
      (world) =>
        world.engine.tell(
          { kind: 'presence', subject: { kind: 'device', name: 'kitchen.fridge' }, isHere },
          world.moment,
        ),
  ),
  fc.constantFrom(0, 1).map(
    (place): Op =>
      (world, books) =>
        world.engine.load(books[place] ?? bookOf([]), world.moment),
  ),
  fc.integer({ min: 0, max: 9_000_000 }).map(
    (ms): Op =>
      (world, books) =>
        world.restart(ms, books[0]?.rules ?? []),
  ),
  fc.constantFrom(...STATES).map(
    (state): Op =>
      (world) => {
        world.answer = world.answer === undefined ? 'done' : undefined;
        world.engine.outcome({ id: world.actions.at(-1)?.id ?? '', state }, world.moment);
      },
  ),
  fc.tuple(fc.constantFrom('r0', 'r1', 'none'), fc.boolean()).map(
    ([name, on]): Op =>
      (world) => {
        world.engine.enable(name, on, world.moment);
        if (on) world.engine.run(name, world.moment);
      },
  ),
  fc.constant<Op>((world) => world.engine.tell({ kind: 'start' }, world.moment)),
);

test('every kind of rule is read, so that the next test is about something', () => {
  for (const when of WHEN) expect([when, bookOf([{ when, then: { lamp: 'on' } }]).rules.length]).toEqual([when, 1]);
  for (const then of THEN) expect([then, bookOf([{ when: 'start', then: [then] }]).rules.length]).toEqual([then, 1]);
  for (const one of IF) expect(bookOf([{ when: 'start', if: one, then: { lamp: 'on' } }]).rules).toHaveLength(1);
});

test('whatever rules there are and whatever happens: nothing throws, all can be explained and stored', () => {
  fc.assert(
    fc.property(fc.array(ruleText, { minLength: 1, maxLength: 5 }), fc.array(ops, { maxLength: 40 }), (texts, walk) => {
      const books = [bookOf(texts), bookOf(texts.toReversed())];
      const world = makeWorld({ location: [52.1, 5.1] });
      world.engine.load(books[0] ?? bookOf([]), world.moment);
      for (const op of walk) op(world, books);
      for (const { rule: name } of world.engine.list(world.moment)) {
        const why = world.engine.why(name, world.moment);
        expect(JSON.stringify([why?.next, why?.tests, why?.nearest])).not.toMatch(/undefined|NaN|\[object/);
      }
      const ids = world.actions.map(({ id, kind }) => `${kind} ${id}`);
      // The same id comes again only from the same cause: after a restart, or when the clock was set back.
      expect(ids.every((id) => /^\w+ [0-9a-f]{32}$/.test(id))).toBe(true);
      JSON.stringify(world.engine.snapshot(world.moment));
      world.engine.load(bookOf([]), world.moment);
      expect(world.engine.nextAt).toBeUndefined();
      expect(world.engine.points).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
