import { expect, test } from 'vitest';
import type { Rule } from '../../src/schemes/rules/rule.ts';
import type { Step } from '../../src/schemes/rules/step.ts';
import { above, book, makeWorld, on, point, rule, set, type TestWorld, value } from './world.ts';

const wait = (ms: number): Step => ({ do: 'wait', ms, text: `wait ${ms}` });
const pressed = { on: 'event', point: 'a.button.pressed', text: 'button pressed' } as const;
const pressable = (then: readonly Step[], more: Partial<Rule> = {}): Rule =>
  rule('act', { when: [pressed], then, ...more });

function started(then: readonly Step[], more: Partial<Rule> = {}): TestWorld {
  const world = makeWorld();
  world.load(pressable(then, more));
  return world;
}

const press = (world: TestWorld): void => world.event('a.button.pressed', 'short');
const why = (world: TestWorld) => world.engine.why('act', world.moment);

test('a list waits for outcomes and for time', () => {
  const world = started([set('a.x.s', true), wait(5_000), set('a.y.s', true)]);
  world.answer = undefined;
  press(world);
  world.pass(10_000);
  expect(world.took()).toEqual(['a.x.s=on']);
  world.engine.outcome({ id: world.actions[0]?.id ?? '', state: 'accepted' }, world.moment);
  world.engine.outcome({ id: world.actions[0]?.id ?? '', state: 'done' }, world.moment);
  world.pass(4_999);
  expect(world.took()).toEqual([]);
  world.pass(1);
  expect(world.took()).toEqual(['a.y.s=on']);
});

test('several targets go at once; a failed one ends the list and is told', () => {
  const both: Step = { do: 'set', targets: ['a.x.s', 'a.y.s'], value: { from: 'const', value: 1 }, text: 'both 1' };
  const world = started([both, set('a.z.s', 1)]);
  world.answer = undefined;
  press(world);
  expect(world.took()).toEqual(['a.x.s=1', 'a.y.s=1']);
  const [first, second] = world.actions.map(({ id }) => id);
  world.engine.outcome({ id: first ?? '', state: 'done' }, world.moment);
  world.engine.outcome({ id: second ?? '', state: 'rejected', why: 'interlock' }, world.moment);
  expect(world.took()).toEqual([]);
  expect(why(world)?.last).toMatchObject({ result: 'failed' });
  expect(why(world)?.lastFailure).toContain('interlock');
});

test('an outcome that never comes is unknown after its time, and the list ends', () => {
  const world = started([set('a.x.s', 1, { ttlMs: 10_000 }), set('a.y.s', 1)]);
  world.answer = undefined;
  press(world);
  world.pass(14_999);
  expect(why(world)?.state).toBe('running');
  world.pass(1);
  expect(why(world)?.state).toBe('ready');
  expect(why(world)?.last?.steps[0]?.state).toBe('unknown');
});

test('waitFor goes on when the test is true, or ends, or goes on after its time', () => {
  const until = (goesOn: boolean): Step => ({
    do: 'waitFor',
    test: above('a.t.v', 5),
    timeoutMs: 1_000,
    goesOn,
    text: 'until',
  });
  const world = started([until(false), set('a.x.s', 1)]);
  world.say('a.t.v', 1);
  press(world);
  world.pass(900);
  world.say('a.t.v', 6);
  expect(world.took()).toEqual(['a.x.s=1']);
  press(world);
  expect(world.took()).toEqual(['a.x.s=1']);
  world.say('a.t.v', 1);
  press(world);
  world.pass(1_000);
  world.say('a.t.v', 6);
  expect(world.took()).toEqual([]);
  const goesOn = started([until(true), set('a.x.s', 1)]);
  press(goesOn);
  goesOn.pass(1_000);
  expect(goesOn.took()).toEqual(['a.x.s=1']);
});

test('parallel lists and scenes; the list around them goes on when all are over', () => {
  const world = makeWorld();
  const branches: Step = {
    do: 'parallel',
    branches: [
      [wait(100), set('a.x.s', 1)],
      [wait(50), set('a.y.s', 1)],
    ],
    text: 'both',
  };
  const evening: Step = { do: 'scene', scene: 'evening', text: 'evening' };
  const scenes = [{ name: 'evening', steps: [set('a.l.s', 1), wait(10)] }];
  world.engine.load(book([pressable([branches, evening, set('a.z.s', 1)])], { scenes }), world.moment);
  press(world);
  world.pass(100);
  expect(world.took()).toEqual(['a.y.s=1', 'a.x.s=1', 'a.l.s=1']);
  world.pass(10);
  expect(world.took()).toEqual(['a.z.s=1']);
  expect(why(world)?.last?.steps.every(({ state }) => state === 'done')).toBe(true);
});

test('a scene that calls itself and one that is not there fail', () => {
  const world = makeWorld();
  const again: Step = { do: 'scene', scene: 'loop', text: 'loop' };
  world.engine.load(book([pressable([again])], { scenes: [{ name: 'loop', steps: [again] }] }), world.moment);
  press(world);
  expect(why(world)?.last?.result).toBe('failed');
  world.load(pressable([{ do: 'scene', scene: 'none', text: 'none' }]));
  press(world);
  expect(why(world)?.lastFailure).toContain('no scene');
});

test('values: toggle, terms, texts, messages', () => {
  const world = makeWorld();
  const then: Step[] = [
    { do: 'set', targets: ['a.lamp.s'], value: { from: 'toggle' }, text: 'toggle' },
    {
      do: 'set',
      targets: ['a.dim.s'],
      value: { from: 'term', term: { op: '*', left: point('a.k.v'), right: value(2) } },
      text: 'dim',
    },
    {
      do: 'service',
      service: 'mail',
      args: {
        text: {
          from: 'text',
          template: ['it is ', { term: point('a.k.v'), decimals: 1, unit: '°C' }, ', ', { term: point('no.such.v') }],
        },
      },
      text: 'mail',
    },
    {
      do: 'publish',
      topic: ['out/', { term: { op: 'topic' } }],
      payload: {
        form: 'json',
        members: { t: { from: 'term', term: { op: 'message', path: ['a', 'b'] } } },
        over: true,
      },
      retain: false,
      qos: 1,
      text: 'out',
    },
  ];
  world.load(rule('act', { when: [{ on: 'message', filter: 'in/+/x', text: 'in' }], then }));
  world.say('a.k.v', 21.04);
  world.say('a.lamp.s', true);
  world.message('in/1/x', '{"a":{"b":"<&"},"c":1}');
  expect(world.took()).toEqual([
    'a.lamp.s=off',
    'a.dim.s=42.08',
    'mail({"text":"it is 21.0 °C, unknown"})',
    'out/in/1/x<{"a":{"b":"<&"},"c":1,"t":"<&"}',
  ]);
  world.say('a.lamp.s', true, 'stale');
  world.message('in/2/x', 'no json');
  expect(world.took()).toEqual(['a.lamp.s=on', 'a.dim.s=42.08', 'mail({"text":"it is 21.0 °C, unknown"})']);
  expect(why(world)?.lastFailure).toContain('unknown');
  world.message('other', '{}');
  expect(world.took()).toEqual([]);
});

test('modes: ignore, restart, queue, parallel', () => {
  const counts = (['ignore', 'restart', 'queue', 'parallel'] as const).map((mode) => {
    const world = started([set('a.x.s', 1), wait(1_000), set('a.y.s', 1)], { mode });
    press(world);
    world.pass(500);
    press(world);
    world.pass(500);
    const early = world.took().join(' ');
    world.pass(5_000);
    return [early, world.took().join(' ')];
  });
  const [x, y] = ['a.x.s=1', 'a.y.s=1'];
  expect(counts).toEqual([
    [`${x} ${y}`, ''],
    [`${x} ${x}`, y],
    [`${x} ${y} ${x}`, y],
    [`${x} ${x} ${y}`, y],
  ]);
});

test('queues and parallel runs are bounded', () => {
  for (const mode of ['queue', 'parallel'] as const) {
    const world = started([wait(1_000_000)], { mode });
    for (let index = 0; index < 50; index += 1) press(world);
    expect(why(world)?.traces.some(({ result }) => result === 'ignored')).toBe(true);
  }
});

test('a cooldown, a condition, a person', () => {
  const world = started([set('a.x.s', 1)], { cooldownMs: 60_000, if: { ...above('a.t.v', 5), text: 'warm' } });
  press(world);
  expect(world.took()).toEqual([]);
  world.say('a.t.v', 6);
  press(world);
  world.pass(59_999);
  press(world);
  expect(world.took()).toEqual(['a.x.s=1']);
  world.pass(1);
  press(world);
  expect(world.took()).toEqual(['a.x.s=1']);
  world.engine.enable('act', false, world.moment);
  world.pass(60_000);
  press(world);
  expect(world.took()).toEqual([]);
  expect(world.engine.run('act', world.moment)).toBe(true);
  expect(world.took()).toEqual(['a.x.s=1']);
  expect(world.engine.enable('none', true, world.moment)).toBe(false);
});

test('a rule that flaps is paused, and a person may switch it on', () => {
  const world = started([set('a.x.s', 1)]);
  for (let index = 0; index < 30; index += 1) press(world);
  expect(world.took()).toHaveLength(20);
  expect(world.notices).toMatchObject([{ rule: 'act', code: 'HB330' }]);
  expect(why(world)?.state).toBe('flapping');
  world.pass(60_000);
  press(world);
  expect(world.took()).toEqual([]);
  world.engine.enable('act', true, world.moment);
  press(world);
  expect(world.took()).toHaveLength(1);
});

test('two rules that fight: the newer is paused', () => {
  const world = makeWorld();
  const L = 'a.lamp.s';
  const lit = { op: 'true', of: point(L) } as const;
  world.load(
    rule('day', { when: [on({ op: 'not', test: lit })], then: [set(L, true)] }),
    rule('night', { when: [on(lit)], then: [set(L, false)] }),
  );
  world.say(L, true);
  world.say(L, false);
  for (let index = 0; index < 60; index += 1) {
    const last = world.took().at(-1);
    if (last !== undefined) world.say(L, last.endsWith('on'));
  }
  expect(world.notices).toMatchObject([{ rule: 'night', code: 'HB331' }]);
  expect(world.actions.length).toBeLessThanOrEqual(22);
});

test('a loop over messages is found, a fast stream is no loop', () => {
  const out = (topic: string): Step => ({
    do: 'publish',
    topic: [topic],
    payload: { form: 'value', value: { from: 'const', value: 1 } },
    retain: false,
    qos: 0,
    text: 'out',
  });
  const world = makeWorld();
  world.load(rule('act', { when: [{ on: 'message', filter: 'a/#', text: 'a' }], then: [out('b/x')] }));
  for (let index = 0; index < 1_000; index += 1) world.message('a/1', 'x');
  expect(world.took()).toHaveLength(1_000);
  expect(world.notices).toEqual([]);
  world.load(
    rule('ping', { when: [{ on: 'message', filter: 'ping', text: 'p' }], then: [out('pong')] }),
    rule('pong', { when: [{ on: 'message', filter: 'pong', text: 'p' }], then: [out('ping')] }),
  );
  world.message('ping', '');
  for (let index = 0; index < 500; index += 1) {
    const last = world.took().at(-1);
    if (last !== undefined) world.message(last.split('<')[0] ?? '', '');
  }
  expect(world.notices).toHaveLength(1);
});

test('the same cause gives the same ids, another cause others', () => {
  const ids = (epoch: number): readonly string[] => {
    const world = started([set('a.x.s', 1), set('a.y.s', 1)]);
    world.engine.tell({ kind: 'event', point: 'a.button.pressed', value: 1, epoch, sequence: 7 }, world.moment);
    return world.actions.map(({ id }) => id);
  };
  expect(ids(1)).toEqual(ids(1));
  expect(new Set([...ids(1), ...ids(2)]).size).toBe(4);
  for (const id of ids(1)) expect(id).toMatch(/^[0-9a-f]{32}$/);
});

test('a swap keeps what did not change', () => {
  const world = makeWorld();
  const slow = rule('slow', { when: [on({ op: 'for', test: above('a.t.v', 5), ms: 1_000 })], then: [set('a.x.s', 1)] });
  world.load(slow);
  world.say('a.t.v', 1);
  world.say('a.t.v', 6);
  for (let index = 0; index < 10; index += 1) {
    world.pass(99);
    world.load(slow, rule(`other${index}`, { when: [pressed], then: [set('a.o.s', index)] }));
  }
  press(world);
  world.pass(10);
  expect(world.took()).toEqual(['a.o.s=9', 'a.x.s=1']);
  expect(world.engine.points).toEqual(['a.button.pressed', 'a.t.v']);
  world.load();
  expect(world.engine.points).toEqual([]);
  expect(world.engine.nextAt).toBeUndefined();
});

test('a failure is told once, until the rule has run well again', () => {
  const world = started([set('a.x.s', 1)]);
  for (const state of ['failed', 'rejected', 'done', 'failed'] as const) {
    world.answer = state;
    press(world);
  }
  expect(world.notices.map(({ code }) => code)).toEqual(['HB332', 'HB332']);
  expect(why(world)?.lastFailure).toBe('a.x.s 1: failed');
  world.answer = 'done';
  press(world);
  expect(why(world)).not.toHaveProperty('lastFailure');
});

test('thousands of rules that are answered at once do not fill the stack', () => {
  const world = makeWorld();
  const rules = Array.from({ length: 5_000 }, (_, index) =>
    rule(`r${index}`, { when: [pressed], then: [set(`a.x${index}.s`, 1)] }),
  );
  world.load(...rules);
  press(world);
  expect(world.took()).toHaveLength(5_000);
  expect(world.engine.list(world.moment).every(({ state }) => state === 'ready')).toBe(true);
});

test('a rule makes no text without end: what is too long is not done, and is told', () => {
  const message = { op: 'message', path: [] } as const;
  const twice: Step = {
    ...{ do: 'publish', topic: ['grow/a'], retain: false, qos: 0, text: 'grow' },
    payload: { form: 'value', value: { from: 'text', template: [{ term: message }, { term: message }] } },
  };
  const wrapped: Step = {
    ...twice,
    payload: { form: 'json', over: false, members: { a: { from: 'term', term: message } } },
  };
  const world = makeWorld();
  world.load(
    rule('grow', { when: [{ on: 'message', filter: 'grow/+', text: 'message' }], then: [wait(1_000), twice] }),
    rule('wrap', { when: [{ on: 'message', filter: 'wrap/+', text: 'message' }], then: [wait(1_000), wrapped] }),
  );
  world.message('grow/a', 'x'.repeat(131_072));
  world.pass(1_000);
  expect(world.took().map((text) => text.length)).toEqual([262_144 + 'grow/a='.length]);
  world.message('grow/a', 'x'.repeat(131_073));
  world.message('wrap/a', '"'.repeat(131_072));
  world.pass(1_000);
  expect(world.took()).toEqual([]);
  for (const name of ['grow', 'wrap']) {
    expect(world.engine.why(name, world.moment)?.lastFailure).toContain('or longer than 262144 characters');
  }
});

test('a long message that a rule waits with is not written to the disk; the rule goes on without it', () => {
  const message = { op: 'message', path: [] } as const;
  const echo: Step = {
    ...{ do: 'publish', topic: ['out'], retain: false, qos: 0, text: 'echo' },
    payload: { form: 'value', value: { from: 'text', template: ['got ', { term: message }] } },
  };
  const when = [{ on: 'message', filter: 'in/+', text: 'message' }] as const;
  const echoes = rule('echo', { when, then: [wait(10_000), echo], mode: 'queue' });
  const world = makeWorld();
  world.load(echoes);
  world.message('in/a', 'x'.repeat(1_000_000));
  world.message('in/a', 'short');
  world.message('in/a', '"y"'.repeat(300_000));
  expect(JSON.stringify(world.engine.snapshot(world.moment)).length).toBeLessThan(10_000);
  world.restart(0, [echoes]);
  world.pass(30_000);
  expect(world.took()).toEqual(['out<got unknown', 'out<got short', 'out<got unknown']);
});
