import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeSun } from '../../src/rules/sun.ts';
import type { Rule, Trigger } from '../../src/schemes/rules/rule.ts';
import { makeWorld, rule, set, type TestWorld } from './world.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const LAMP = 'a.lamp.state';
const at = (hour: number, minute: number): Trigger & { text: string } => ({
  on: 'clock',
  atMs: hour * HOUR + minute * 60_000,
  text: `${hour}:${minute}`,
});
const every = (ms: number): Trigger & { text: string } => ({ on: 'every', ms, text: 'every' });
const cron = (pattern: string): Trigger & { text: string } => ({ on: 'cron', pattern, text: pattern });
const timed = (when: Trigger & { text: string }, more: Partial<Rule> = {}): Rule =>
  rule('timed', { when: [when], then: [set(LAMP, true)], ...more });

/** Wall times at which the rule ran, in UTC. */
function runs(world: TestWorld): readonly string[] {
  const traces = world.engine.why('timed', world.moment)?.traces ?? [];
  return traces.map(({ at: when }) => new Date(when).toISOString().slice(0, 16)).toReversed();
}

function over(timeZone: string, from: string, days: number, one: Rule): readonly string[] {
  const world = makeWorld({ timeZone, wall: Date.parse(from) });
  world.load(one);
  world.pass(days * DAY);
  return runs(world);
}

test('a time that a spring day leaves out comes at the end of the gap', () => {
  const half = timed(at(2, 30));
  expect(over('Europe/Amsterdam', '2026-03-28T11:00:00Z', 2, half)).toEqual(['2026-03-29T01:00', '2026-03-30T00:30']);
  expect(over('America/New_York', '2026-03-07T17:00:00Z', 2, half)).toEqual(['2026-03-08T07:00', '2026-03-09T06:30']);
  // Lord Howe goes from 02:00 to 02:30, so 02:15 is in the gap.
  expect(over('Australia/Lord_Howe', '2026-10-03T12:00:00Z', 2, timed(at(2, 15)))).toEqual([
    '2026-10-03T15:30',
    '2026-10-04T15:15',
  ]);
});

test('a time that an autumn day has twice comes once', () => {
  const half = timed(at(2, 30));
  expect(over('Europe/Amsterdam', '2026-10-24T11:00:00Z', 2, half)).toEqual(['2026-10-25T00:30', '2026-10-26T01:30']);
  expect(over('America/New_York', '2026-10-31T17:00:00Z', 2, timed(at(1, 30)))).toEqual([
    '2026-11-01T05:30',
    '2026-11-02T06:30',
  ]);
  expect(over('Australia/Lord_Howe', '2026-04-04T12:00:00Z', 2, timed(at(1, 45)))).toEqual([
    '2026-04-04T14:45',
    '2026-04-05T15:15',
  ]);
});

test('cron goes by the clock of the home, with its own rule for such days', () => {
  const half = timed(cron('30 2 * * *'));
  expect(over('Europe/Amsterdam', '2026-03-28T11:00:00Z', 2, half)).toEqual(['2026-03-29T01:00', '2026-03-30T00:30']);
  expect(over('Europe/Amsterdam', '2026-10-24T11:00:00Z', 2, half)).toEqual(['2026-10-25T00:30', '2026-10-26T01:30']);
  expect(over('Europe/Amsterdam', '2026-01-01T11:00:00Z', 3, timed(cron('no pattern')))).toEqual([]);
  expect(over('Europe/Amsterdam', '2026-01-01T11:00:00Z', 300, timed(cron('0 0 31 2 *')))).toEqual([]);
});

test('`every` goes by the time since local midnight and starts anew each day', () => {
  expect(over('Europe/Amsterdam', '2026-01-12T08:10:00Z', 0.125, timed(every(HOUR)))).toEqual([
    '2026-01-12T09:00',
    '2026-01-12T10:00',
    '2026-01-12T11:00',
  ]);
  const seven = over('Europe/Amsterdam', '2026-01-12T20:00:00Z', 0.5, timed(every(7 * HOUR)));
  expect(seven).toEqual(['2026-01-12T23:00', '2026-01-13T06:00']);
});

test('sunset follows the sun, and polar days have none', () => {
  const dusk: Trigger & { text: string } = { on: 'sun', event: 'sunset', offsetMs: 15 * 60_000, text: 'sunset' };
  const home = makeWorld({ wall: Date.parse('2026-06-20T10:00:00Z'), location: [52.1, 5.1] });
  home.load(timed(dusk));
  home.pass(DAY);
  expect(runs(home)).toHaveLength(1);
  expect(runs(home)[0]).toMatch(/^2026-06-20T20:1/);
  const north = makeWorld({ wall: Date.parse('2026-06-01T10:00:00Z'), location: [78.2, 15.6] });
  north.load(timed(dusk));
  north.pass(20 * DAY);
  expect(runs(north)).toEqual([]);
  const nowhere = makeWorld();
  nowhere.load(timed(dusk));
  nowhere.pass(2 * DAY);
  expect(runs(nowhere)).toEqual([]);
});

test('a leap forward: a missed schedule runs once if it is young enough', () => {
  const missed = (jump: number, catchupMs: number): number => {
    const world = makeWorld();
    world.load(timed(at(13, 0), { catchupMs }));
    world.pass(60_000);
    world.jump(jump);
    world.pass(60_000);
    return runs(world).length;
  };
  expect(missed(2 * HOUR, 0)).toBe(0);
  expect(missed(HOUR - 60_000, 0)).toBe(1);
  expect(missed(2 * HOUR, 2 * HOUR)).toBe(1);
  expect(missed(30 * DAY, 0)).toBe(0);
  expect(missed(30 * DAY, 2 * DAY)).toBe(1);
});

test('a leap back: nothing fires twice, and life goes on', () => {
  for (const back of [10 * 60_000, 2 * HOUR, 5 * HOUR, 30 * DAY]) {
    const world = makeWorld();
    world.load(timed(at(13, 0)));
    world.pass(2 * HOUR);
    expect(runs(world)).toHaveLength(1);
    world.jump(-back);
    world.pass(back < DAY ? back : HOUR);
    // 30 days before, 13:00 lies behind.
    expect(runs(world)).toHaveLength(1);
    world.pass(DAY);
    expect(runs(world)).toHaveLength(2);
  }
});

test('to 1970 and back: no clock, no schedule; then it goes on', () => {
  const world = makeWorld();
  world.load(timed(at(13, 0)));
  const real = world.moment.wall;
  world.jump(-real);
  world.trust(false);
  world.pass(5 * DAY);
  expect(runs(world)).toEqual([]);
  world.jump(real);
  world.trust(true);
  world.pass(DAY);
  expect(runs(world)).toHaveLength(1);
});

test('`every` goes on by the monotonic clock while nobody has set the other', () => {
  const world = makeWorld({ isTrusted: false, wall: 0 });
  world.load(timed(every(15 * 60_000)));
  world.pass(HOUR + 1_000);
  expect(world.took().length).toBeGreaterThanOrEqual(3);
});

test('a clock that drifts misses nothing and doubles nothing', () => {
  for (const ppm of [200, -200]) {
    const world = makeWorld();
    world.load(timed(every(HOUR)));
    let ran = 0;
    for (let minute = 0; minute < 30 * 24 * 60; minute += 1) {
      world.pass(60_000);
      world.jump((60_000 * ppm) / 1e6);
      ran += world.took().length;
    }
    const hours = Math.floor((world.moment.wall - Date.UTC(2026, 0, 12, 11)) / HOUR);
    expect(ran).toBe(hours);
  }
});

test('a clock that runs ten times too fast misses nothing and doubles nothing', () => {
  const world = makeWorld();
  world.load(timed(every(15 * 60_000)));
  for (let second = 0; second < 3_600; second += 1) {
    world.pass(1_000);
    world.jump(9_000);
  }
  world.pass(1);
  expect(new Set(world.actions.map(({ id }) => id)).size).toBe(40);
  expect(world.actions).toHaveLength(40);
});

test('timers and `for` do not know the wall clock', () => {
  const world = makeWorld();
  world.load(
    rule('timed', {
      when: [{ on: 'start', text: 'start' }],
      then: [{ do: 'wait', ms: 60_000, text: 'wait' }, set(LAMP, true)],
    }),
  );
  world.engine.tell({ kind: 'start' }, world.moment);
  for (const jump of [30 * DAY, -60 * DAY, -20_000 * DAY]) world.jump(jump);
  world.pass(59_999);
  expect(world.took()).toEqual([]);
  world.pass(1);
  expect(world.took()).toEqual([`${LAMP}=on`]);
});

test('however the clock walks: no instant fires twice while it is never 3 h wrong, and none is missed while it goes well', () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ pass: fc.integer({ min: 1_000, max: 3 * HOUR }) }),
      fc.record({ jump: fc.integer({ min: -80 * 60_000, max: 50_000 }) }),
    ),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(steps, fc.constantFrom(every(15 * 60_000), cron('*/20 * * * *'), at(14, 30)), (walk, trigger) => {
      const world = makeWorld();
      world.load(timed(trigger));
      let furthest = world.moment.wall;
      const ids = new Set<string>();
      let smooth = 0;
      for (const step of walk) {
        if ('jump' in step) world.jump(step.jump);
        else {
          const from = world.moment.wall;
          world.pass(step.pass);
          const to = world.moment.wall;
          // Only the time that was never shown before can bring new instants.
          if (trigger.on === 'every')
            smooth += Math.max(0, Math.floor(to / 900_000) - Math.floor(Math.max(from, furthest) / 900_000));
          furthest = Math.max(furthest, to);
        }
      }
      for (const { id } of world.actions) {
        expect(ids.has(id)).toBe(false);
        ids.add(id);
      }
      if (trigger.on === 'every') expect(world.actions.length).toBeGreaterThanOrEqual(smooth);
    }),
    { numRuns: 150 },
  );
});

test('leaps of up to 30 days either way: the last 32 instants never fire again, and the present ones always do', () => {
  const leaps = fc.array(fc.integer({ min: -30 * DAY, max: 30 * DAY }), { maxLength: 12 });
  fc.assert(
    fc.property(leaps, (walk) => {
      const world = makeWorld();
      world.load(timed(at(13, 0)));
      for (const leap of walk) {
        world.jump(leap);
        world.pass(3 * DAY);
        // Two whole days at least were shown since the leap, so there are two new instants unless they fired before.
        const fresh = world.took().length;
        expect(fresh).toBeLessThanOrEqual(3);
        expect(fresh + new Set(runs(world)).size).toBeGreaterThanOrEqual(2);
      }
      const last = world.actions.slice(-32).map(({ id }) => id);
      expect(new Set(last).size).toBe(last.length);
    }),
    { numRuns: 100 },
  );
});

test('the sun is up and down by place, also where it does not rise or set', () => {
  const svalbard = makeSun([78.2, 15.6]);
  const up = (day: string): boolean => svalbard.upAt(Date.parse(`${day}T12:00Z`)).isUp;
  expect(['2026-01-01', '2026-02-20', '2026-06-21', '2026-11-30'].map(up)).toEqual([false, true, true, false]);
  const auckland = makeSun([-36.8, 174.7]);
  expect(auckland.upAt(Date.parse('2026-01-12T00:00Z')).isUp).toBe(true);
  expect(auckland.upAt(Date.parse('2026-01-12T12:00Z')).isUp).toBe(false);
});
