import { describe, expect, it } from 'vitest';
import { textOf } from '../../src/bus/message.ts';
import { AIR, BUTTON, FAN, makeBench, makeDocument } from './bench.ts';

const HOT = { when: 'air.temperature > 28°C', then: { fan: 'on' }, else: { fan: 'off' } };

describe('a rule', () => {
  it('works with no broker and no network: a reading becomes a command', () => {
    const { device, read, apply, commands } = makeBench();
    device('air', AIR);
    device('fan', FAN);
    apply({ rules: { hot: HOT } });
    for (const value of [20, 29, 30, 27]) read('air.temperature', value);
    expect(commands).toEqual(['kitchen/fan/state true', 'kitchen/fan/state false']);
  });

  it('begins by itself when its device appears', async () => {
    const { device, read, apply, commands, clock, runner, ask } = makeBench();
    device('air', AIR);
    apply({ rules: { hot: HOT } });
    expect(runner.counts()).toMatchObject({ rules: 0, waiting: 1, listening: 0 });
    expect(await ask('rules')).toMatchObject({ rules: [{ rule: 'hot', state: 'waiting', missing: ['fan'] }] });
    device('fan', FAN);
    await clock.advance(500);
    expect(runner.counts()).toMatchObject({ rules: 1, waiting: 0, listening: 1 });
    read('air.temperature', 20);
    read('air.temperature', 30);
    expect(commands).toEqual(['kitchen/fan/state true']);
  });

  it('hears events, messages, presence and the start', async () => {
    const { bus, device, read, apply, commands, clock } = makeBench();
    device('button', BUTTON);
    device('fan', FAN);
    device('air', AIR);
    apply({
      rules: {
        a: { when: 'button.pressed', then: { fan: 'on' } },
        b: { when: 'button is gone', then: { fan: 'off' } },
        c: { when: 'start', then: { fan: 'on for 5s' } },
        d: { when: 'message "my/door"', then: { fan: 'toggle' } },
      },
    });
    expect(commands).toEqual([]);
    await clock.advance(0);
    expect(commands).toEqual(['kitchen/fan/state true']);
    read('button.pressed', 'pressed');
    bus.publish({ topic: 'hanbus/kitchen/button/$state', payload: 'lost', retain: true, origin: 'p' });
    expect(commands.slice(1)).toEqual(['kitchen/fan/state true', 'kitchen/fan/state false']);
    bus.publish({ topic: 'my/door', payload: 'open', origin: 'mqtt:x' });
    expect(commands).toHaveLength(4);
  });

  it('waits, and goes on after the outcome of each step', async () => {
    const { device, read, apply, commands, clock } = makeBench();
    device('button', BUTTON);
    device('fan', FAN);
    apply({ rules: { a: { when: 'button.pressed', then: [{ fan: 'on' }, { wait: '30s' }, { fan: 'off' }] } } });
    read('button.pressed', 'pressed');
    await clock.advance(29_000);
    expect(commands).toEqual(['kitchen/fan/state true']);
    await clock.advance(2_000);
    expect(commands).toEqual(['kitchen/fan/state true', 'kitchen/fan/state false']);
  });

  it('publishes, sets variables, and calls services', async () => {
    const { bus, device, read, apply, clock, ask } = makeBench();
    const heard: string[] = [];
    bus.subscribe('my/#', (message) => void heard.push(`${message.topic} ${textOf(message)}`), { origin: 'test' });
    device('button', BUTTON);
    apply({
      home: { mode: { values: ['home', 'away'], initial: 'home' } },
      services: ['mail'],
      rules: {
        a: { when: 'button.pressed', then: { 'home.mode': 'away' } },
        b: { when: 'home.mode is away', then: { publish: { topic: 'my/mode', text: 'away' } } },
        c: { when: 'button.pressed', then: { mail: 'hello' } },
      },
    });
    read('button.pressed', 'pressed');
    await clock.advance(100);
    expect(heard).toEqual(['my/mode away']);
    expect(await ask('rules')).toMatchObject({
      rules: [
        { rule: 'a' },
        { rule: 'b' },
        { rule: 'c', lastFailure: expect.stringContaining('does not run in this version') },
      ],
    });
  });

  it('every command has an outcome: one that nobody answers fails the list', async () => {
    const { device, read, apply, commands, clock, runner, ask } = makeBench({ outcome: undefined });
    device('button', BUTTON);
    device('fan', FAN);
    apply({ rules: { a: { when: 'button.pressed', then: [{ fan: 'on' }, { fan: 'off' }] } } });
    read('button.pressed', 'pressed');
    expect(runner.counts().pending).toBe(1);
    await clock.advance(33_000);
    expect(runner.counts().pending).toBe(0);
    expect(commands).toEqual(['kitchen/fan/state true']);
    expect(await ask('why', { name: 'a' })).toMatchObject({
      rule: { lastFailure: expect.stringContaining('did not answer'), traces: [{ result: 'failed' }] },
    });
  });
});

describe('over a restart', () => {
  it('a timer of 20 minutes survives, at its deadline, before the device is open again', async () => {
    const first = makeBench();
    first.device('button', BUTTON);
    first.device('fan', FAN);
    const rules = { a: { when: 'button.pressed', then: [{ fan: 'on' }, { wait: '20min' }, { fan: 'off' }] } };
    first.apply({ rules });
    first.read('button.pressed', 'pressed');
    await first.clock.advance(2_000);
    // The plug is pulled: nothing is flushed after this.
    const stored: unknown = JSON.parse(JSON.stringify(first.state.value));
    const second = makeBench({ state: makeDocument(stored), startMs: first.clock.now() + 5 * 60_000 });
    second.apply({ rules });
    expect(second.runner.counts()).toMatchObject({ rules: 1, waiting: 0 });
    await second.clock.advance(14 * 60_000);
    expect(second.commands).toEqual([]);
    await second.clock.advance(2 * 60_000);
    expect(second.commands).toEqual(['kitchen/fan/state false']);
  });

  it('a paused rule stays paused, a variable keeps its value', async () => {
    const first = makeBench();
    first.device('button', BUTTON);
    first.device('fan', FAN);
    const text = {
      home: { mode: { values: ['home', 'away'], initial: 'home' } },
      rules: { a: { when: 'button.pressed', then: { fan: 'on' } } },
    };
    first.apply(text);
    await first.ask('rule', { name: 'a', on: false });
    first.bus.publish({ topic: 'hanbus/home/mode/set', payload: 'away', origin: 'mqtt:x' });
    await first.runner.stop();
    await first.runner.stop();
    const second = makeBench({ state: makeDocument(first.state.value) });
    second.apply(text);
    second.device('button', BUTTON);
    second.read('button.pressed', 'pressed');
    expect(second.commands).toEqual([]);
    const mode = second.bus.retainedAt('hanbus/home/mode');
    expect(mode === undefined ? '' : textOf(mode)).toBe('away');
    expect(await second.ask('rule', { name: 'a', on: true })).toMatchObject({ did: 'resumed' });
    second.read('button.pressed', 'pressed');
    expect(second.commands).toEqual(['kitchen/fan/state true']);
  });

  it('what was stored stays when the node stops before its scheme was read', async () => {
    const stored = { engine: { version: 1, rules: [] }, variables: { mode: { value: 'away', by: 'x' } }, devices: {} };
    const { runner, state, clock } = makeBench({ state: makeDocument(stored) });
    await clock.advance(5_000);
    await runner.stop();
    expect([state.value, state.times()]).toEqual([stored, 0]);
  });

  it.each([['x'], [{ engine: 7, variables: [], devices: { a: 1 } }], [{ engine: { version: 1, rules: [{}] } }]])(
    'starts anyway from %j',
    (stored) => {
      const { device, read, apply, commands } = makeBench({ state: makeDocument(stored) });
      device('air', AIR);
      device('fan', FAN);
      apply({ rules: { hot: HOT } });
      read('air.temperature', 20);
      read('air.temperature', 30);
      expect(commands).toHaveLength(1);
    },
  );
});

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a new scheme', () => {
  it('1,000 rules are swapped under load, and unchanged timers keep their deadlines', async () => {
    const { device, read, swap, commands, clock, runner } = makeBench();
    device('button', BUTTON);
    device('fan', FAN);
    device('air', AIR);
    const rulesOf = (version: number) => ({
      keep: { when: 'button.pressed', then: [{ wait: '60s' }, { fan: 'on' }] },
      ...Object.fromEntries(
        Array.from({ length: 1_000 }, (_, index) => [
          `r${index}`,
          { when: `air.temperature > ${40 + index + version / 10}°C`, then: { fan: 'off' } },
        ]),
      ),
    });
    await swap({ rules: rulesOf(0) });
    read('button.pressed', 'pressed');
    for (let version = 1; version <= 5; version += 1) {
      const swapped = swap({ rules: rulesOf(version) });
      // Those of before go on meanwhile.
      expect(runner.counts()).toMatchObject({ rules: 1_001 });
      for (let value = 0; value < 20; value += 1) read('air.temperature', 20 + value / 10);
      await swapped;
      await clock.advance(10_000);
    }
    expect(runner.counts()).toMatchObject({ rules: 1_001, waiting: 0 });
    await clock.advance(9_900);
    expect(commands).toEqual([]);
    await clock.advance(200);
    expect(commands).toEqual(['kitchen/fan/state true']);
  });

  it('while many rules are read those of before act, and a newer scheme takes the place of one that is still read', async () => {
    const rests: (() => void)[] = [];
    const rest = () => new Promise<void>((resolve) => void rests.push(resolve));
    const { device, read, swap, commands, runner } = makeBench({ rest });
    const goOn = async () => {
      for (let next = rests.shift(); next !== undefined; next = rests.shift()) {
        next();
        await nextTurn();
      }
    };
    device('air', AIR);
    device('fan', FAN);
    const many = (above: number) =>
      Object.fromEntries(
        Array.from({ length: 100 }, (_, at) => [
          `r${at}`,
          { when: `air.temperature > ${above + at}`, then: { fan: 'off' } },
        ]),
      );
    await swap({ rules: { hot: HOT } });
    const given = swap({ rules: many(1_000) });
    expect(rests).toHaveLength(1);
    read('air.temperature', 20);
    read('air.temperature', 30);
    expect(commands).toEqual(['kitchen/fan/state true']);
    const taken = swap({ rules: many(2_000) });
    await goOn();
    await Promise.all([given, taken]);
    expect(runner.counts().rules).toBe(100);
    read('air.temperature', 1_500);
    expect(commands).toHaveLength(1);
    read('air.temperature', 2_000.5);
    expect(commands).toEqual(['kitchen/fan/state true', 'kitchen/fan/state false']);
    await swap({ rules: many(2_000) });
    expect(rests).toEqual([]);
  });

  it('a stop while rules are read gives that up', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { device, swap, runner, bus } = makeBench({ rest: () => promise });
    device('air', AIR);
    const rules = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`r${at}`, { when: 'start', then: {} }]));
    const given = swap({ rules });
    await runner.stop();
    resolve();
    await given;
    expect(runner.counts().rules).toBe(0);
    expect(bus.counts.subscriptions).toBe(1);
  });

  it('rules that are gone listen no more; nothing listens after the stop', async () => {
    const { device, apply, runner, bus, clock } = makeBench();
    device('air', AIR);
    device('fan', FAN);
    apply({ rules: { hot: HOT } });
    expect(runner.counts().listening).toBe(1);
    apply({});
    expect(runner.counts()).toMatchObject({ rules: 0, listening: 0 });
    await runner.stop();
    expect(bus.counts.subscriptions).toBe(1);
    await clock.advance(120_000);
    expect(clock.pending).toBe(0);
  });
});

it('counts events and what becomes true, whatever the rate', () => {
  const { bus, device, read, apply } = makeBench();
  device('button', BUTTON);
  device('air', AIR);
  apply({
    home: { presses: { counter: 'button.pressed', reset: 'daily' }, heats: { counter: 'air.temperature > 30°C' } },
  });
  for (let press = 0; press < 100; press += 1) read('button.pressed', 'pressed');
  for (let wave = 0; wave < 40; wave += 1) {
    read('air.temperature', 20);
    read('air.temperature', 31);
  }
  const value = (name: string) => {
    const message = bus.retainedAt(`hanbus/home/${name}`);
    return message === undefined ? '' : textOf(message);
  };
  expect([value('presses'), value('heats')]).toEqual(['100', '40']);
});

it('answers conditions of others: known, unknown, with a past', async () => {
  const { device, read, apply, runner, clock, ask } = makeBench();
  device('air', AIR);
  const lasting = 'air.temperature > 20°C for 5min';
  apply({ home: { mode: { values: ['home', 'away'], initial: 'home' } } }, [lasting]);
  const holds = () =>
    [lasting, 'air.temperature > 25°C', 'home.mode is home', 'nothing at all'].map((text) => runner.holds(text));
  expect(holds()).toEqual([undefined, undefined, true, undefined]);
  read('air.temperature', 22);
  expect(holds()).toEqual([false, false, true, undefined]);
  await clock.advance(301_000);
  read('air.temperature', 26);
  expect(holds()).toEqual([true, true, true, undefined]);
  expect(await ask('rules')).toMatchObject({ rules: [] });
});

it('schedules wait until somebody has set the clock, everything else goes on', async () => {
  let isTrusted = false;
  const { device, read, apply, commands, clock } = makeBench({
    startMs: Date.UTC(2026, 10, 22, 6, 20),
    isTimeTrusted: () => isTrusted,
  });
  device('button', BUTTON);
  device('fan', FAN);
  apply({ rules: { a: { when: '07:30', then: { fan: 'on' } }, b: { when: 'button.pressed', then: { fan: 'off' } } } });
  await clock.advance(30 * 60_000);
  read('button.pressed', 'pressed');
  expect(commands).toEqual(['kitchen/fan/state false']);
  isTrusted = true;
  await clock.advance(24 * 3_600_000);
  expect(commands).toEqual(['kitchen/fan/state false', 'kitchen/fan/state true']);
});
