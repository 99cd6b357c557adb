import { expect, test } from 'vitest';
import type { Rule } from '../../src/schemes/rules/rule.ts';
import type { Step } from '../../src/schemes/rules/step.ts';
import { above, makeWorld, on, rule, set, type TestWorld } from './world.ts';

const MINUTE = 60_000;
const wait = (ms: number): Step => ({ do: 'wait', ms, text: `wait ${ms}` });
const pressed = { on: 'event', point: 'a.button.pressed', text: 'button pressed' } as const;
const T = 'a.t.v';

const RULES: readonly Rule[] = [
  rule('water', { when: [pressed], then: [set('a.pump.s', true), wait(20 * MINUTE), set('a.pump.s', false)] }),
  rule('cool', {
    when: [on(above(T, 28))],
    then: [set('a.fan.s', true)],
    else: [set('a.fan.s', false)],
    cooldownMs: 10 * MINUTE,
  }),
  rule('wake', { when: [{ on: 'clock', atMs: 13 * 60 * MINUTE, text: '13:00' }], then: [set('a.lamp.s', true)] }),
  rule('turns', { when: [pressed], mode: 'queue', then: [wait(3 * MINUTE), set('a.bell.s', 1)] }),
  rule('both', {
    when: [pressed],
    mode: 'restart',
    then: [
      {
        do: 'parallel',
        branches: [
          [wait(2 * MINUTE), set('a.p.s', 1)],
          [{ do: 'waitFor', test: above(T, 35), timeoutMs: 30 * MINUTE, goesOn: true, text: 'hot' }, set('a.q.s', 1)],
        ],
        text: 'both',
      },
      set('a.r.s', 1),
    ],
  }),
];

const SCENARIO: readonly ((world: TestWorld) => void)[] = [
  (world) => world.say(T, 20),
  (world) => world.event('a.button.pressed', 1),
  (world) => world.pass(MINUTE),
  (world) => world.say(T, 29),
  (world) => world.event('a.button.pressed', 1),
  (world) => world.pass(5 * MINUTE),
  (world) => world.say(T, 25),
  (world) => world.say(T, 30),
  (world) => world.pass(10 * MINUTE),
  (world) => world.say(T, 36),
  (world) => world.say(T, 20),
  (world) => world.pass(44 * MINUTE),
  (world) => world.say(T, 31),
  (world) => world.pass(30 * MINUTE),
];

function play(restartAt: readonly number[]): readonly string[] {
  const world = makeWorld();
  world.load(...RULES);
  let said = 20;
  for (const [index, step] of SCENARIO.entries()) {
    if (restartAt.includes(index)) {
      world.restart(0, RULES);
      // What is retained comes again.
      if (index > 0) world.say(T, said);
    }
    const say = world.say.bind(world);
    step({
      ...world,
      engine: world.engine,
      say(name, value) {
        said = Number(value);
        say(name, value);
      },
    });
  }
  return world.took();
}

test('a restart at any step changes nothing in what is done', () => {
  const plain = play([]);
  expect(plain.length).toBeGreaterThan(9);
  for (let index = 1; index < SCENARIO.length; index += 1) expect([index, ...play([index])]).toEqual([index, ...plain]);
  expect(play(SCENARIO.map((_, index) => index).slice(1))).toEqual(plain);
});

test('a 20-minute timer survives a power cut, and one that ended meanwhile goes on at once', () => {
  for (const [offMs, leftMs] of [
    [5 * MINUTE, 14 * MINUTE],
    [19 * MINUTE, 0],
    [3 * 60 * MINUTE, 0],
  ] as const) {
    const world = makeWorld();
    world.load(...RULES.slice(0, 1));
    world.event('a.button.pressed', 1);
    world.pass(MINUTE);
    world.took();
    world.restart(offMs, RULES.slice(0, 1));
    if (leftMs > 0) {
      world.pass(leftMs - 1);
      expect(world.took()).toEqual([]);
    }
    world.pass(1);
    expect(world.took()).toEqual(['a.pump.s=off']);
  }
});

test('without a clock the rest of a wait is waited; when the clock comes, what is over is over', () => {
  const world = makeWorld();
  world.load(...RULES.slice(0, 1));
  world.event('a.button.pressed', 1);
  world.pass(MINUTE);
  world.took();
  world.restart(-30 * 365 * 24 * 60 * MINUTE, RULES.slice(0, 1), false);
  world.pass(5 * MINUTE);
  expect(world.took()).toEqual([]);
  world.jump(30 * 365 * 24 * 60 * MINUTE + 14 * MINUTE);
  world.trust(true);
  world.pass(1);
  expect(world.took()).toEqual(['a.pump.s=off']);
});

test('a command in flight: an act is unknown and not repeated, a wish is given again with its id', () => {
  for (const mode of ['once', 'set', undefined] as const) {
    const rules = [
      rule('act', {
        when: [pressed],
        then: [set('a.gate.s', true, mode === undefined ? {} : { mode }), set('a.y.s', 1)],
      }),
    ];
    const world = makeWorld();
    world.answer = undefined;
    world.load(...rules);
    world.event('a.button.pressed', 1);
    world.took();
    world.restart(1_000, rules);
    const why = world.engine.why('act', world.moment);
    if (mode === 'set') {
      expect(world.actions[1]?.id).toBe(world.actions[0]?.id);
      world.engine.outcome({ id: world.actions[1]?.id ?? '', state: 'done' }, world.moment);
      expect(world.took()).toEqual(['a.gate.s=on', 'a.y.s=1']);
    } else {
      expect(world.took()).toEqual([]);
      expect(why?.last).toMatchObject({ result: 'failed', steps: [{ state: 'unknown' }] });
    }
  }
});

test('a test that was true before the restart does not fire again, and its else is not forgotten', () => {
  const slow = rule('slow', {
    when: [on({ op: 'for', test: above(T, 28), ms: 2 * MINUTE })],
    then: [set('a.fan.s', true)],
    else: [set('a.fan.s', false)],
  });
  const world = makeWorld();
  world.load(slow);
  world.say(T, 29);
  world.pass(2 * MINUTE);
  expect(world.took()).toEqual(['a.fan.s=on']);
  world.restart(MINUTE, [slow]);
  world.say(T, 29);
  world.pass(10 * MINUTE);
  expect(world.took()).toEqual([]);
  world.say(T, 20);
  expect(world.took()).toEqual(['a.fan.s=off']);
});

test('what became true while the node was off does not fire', () => {
  const rules = [rule('cool', { when: [on(above(T, 28))], then: [set('a.fan.s', true)] })];
  const world = makeWorld();
  world.load(...rules);
  world.say(T, 20);
  world.restart(MINUTE, rules);
  world.say(T, 29);
  expect(world.took()).toEqual([]);
  world.say(T, 20);
  world.say(T, 29);
  expect(world.took()).toEqual(['a.fan.s=on']);
});

test('a schedule: missed while off within catchup runs once, and one that ran does not run again', () => {
  const wake = (catchupMs: number): Rule =>
    rule('wake', {
      when: [{ on: 'clock', atMs: 13 * 60 * MINUTE, text: '13:00' }],
      then: [set('a.lamp.s', true)],
      catchupMs,
    });
  const after = (offMs: number, catchupMs: number): number => {
    const world = makeWorld();
    world.load(wake(catchupMs));
    world.pass(30 * MINUTE);
    world.restart(offMs, [wake(catchupMs)]);
    world.pass(MINUTE);
    return world.took().length;
  };
  expect(after(2 * 60 * MINUTE, 0)).toBe(0);
  expect(after(2 * 60 * MINUTE, 2 * 60 * MINUTE)).toBe(1);
  expect(after(10 * MINUTE, 0)).toBe(0);
  const ran = makeWorld();
  ran.load(wake(60 * MINUTE));
  ran.pass(60 * MINUTE);
  ran.restart(5_000, [wake(60 * MINUTE)]);
  ran.pass(10 * MINUTE);
  expect(ran.took()).toHaveLength(1);
});

test('paused rules, cooldowns, counts and traces are kept', () => {
  const world = makeWorld();
  world.load(...RULES);
  world.say(T, 20);
  world.say(T, 29);
  world.engine.enable('water', false, world.moment);
  world.restart(MINUTE, RULES);
  const list = world.engine.list(world.moment);
  expect(list.find(({ rule: name }) => name === 'water')?.state).toBe('paused');
  expect(list.find(({ rule: name }) => name === 'cool')).toMatchObject({ today: 1 });
  expect(world.engine.why('cool', world.moment)).toMatchObject({ last: { result: 'acted', values: { [T]: 29 } } });
  world.say(T, 20);
  world.say(T, 29);
  expect(world.took().filter((one) => one === 'a.fan.s=on')).toHaveLength(1);
});

test('a snapshot of anything is taken or left, without a word', () => {
  const world = makeWorld();
  world.load(...RULES);
  world.say(T, 20);
  world.event('a.button.pressed', 1);
  const stored: unknown = world.engine.snapshot(world.moment);
  const text = JSON.stringify(stored);
  for (let at = 0; at < text.length; at += 7) {
    for (const bad of ['null', '-1', '"x"', '[]', '{}']) {
      const bent = `${text.slice(0, at)}${bad}${text.slice(at + 5)}`;
      let data: unknown;
      try {
        data = JSON.parse(bent);
      } catch {
        data = bent;
      }
      const other = makeWorld();
      other.engine.restore(data, other.moment);
      other.load(...RULES);
      other.pass(1);
    }
  }
  expect(world.engine.list(world.moment)).toHaveLength(RULES.length);
});

test('only what a restart must know is a reason to store', () => {
  const changes = (one: Rule): number => {
    const world = makeWorld();
    world.load(one);
    const before = world.changes;
    for (let index = 0; index < 5; index += 1) world.event('a.button.pressed', 1);
    return world.changes - before;
  };
  expect(changes(rule('act', { when: [pressed], then: [set('a.x.s', 1)] }))).toBe(0);
  expect(changes(rule('act', { when: [pressed], then: [set('a.x.s', 1), wait(1_000)] }))).toBeGreaterThan(0);
  expect(changes(rule('act', { when: [pressed], then: [set('a.x.s', 1)], cooldownMs: 1_000 }))).toBe(1);
});
