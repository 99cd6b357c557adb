import { Check } from 'typebox/value';
import { expect, it } from 'vitest';
import { textOf } from '../../src/bus/message.ts';
import { serveRequests } from '../../src/bus/requests.ts';
import { CONTRACTS } from '../../src/schemes/contracts.ts';
import type { Value } from '../../src/schemes/reading.ts';
import type { HistoryReading } from '../../src/state/history/history.ts';
import { makeFakeLog } from '../fakes/log.ts';
import { AIR, BUTTON, FAN, makeBench } from './bench.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const MINUTE = 60_000;
const HOT = { when: 'air.temperature > 28°C for 2min', then: { fan: 'on' }, else: { fan: 'off' } };

/** Readings of `air.temperature` so many minutes ago. */
function historyOf(readings: readonly (readonly [minutesAgo: number, value: Value | undefined])[]) {
  return async function* read(points: readonly string[], from: number, to: number): AsyncGenerator<HistoryReading> {
    for (const [ago, value] of readings) {
      const time = NOW - ago * MINUTE;
      const point = 'kitchen.air.temperature';
      if (points.includes(point) && time >= from && time < to) yield { point, time, value, quality: 'good' };
    }
  };
}

function expectContract(name: string, answer: unknown): void {
  expect(Check(CONTRACTS[name] ?? {}, JSON.parse(JSON.stringify(answer)))).toBe(true);
}

function bench(history = historyOf([])) {
  const made = makeBench({ startMs: NOW, history });
  made.device('air', AIR);
  made.device('fan', FAN);
  made.device('button', BUTTON);
  // The list of commands, newest first.
  const trail: object[] = [];
  const verbs = { commands: async () => ({ hanbus: 'commands/1', node: 'kitchen', commands: trail }) };
  serveRequests({ bus: made.bus, node: 'kitchen', origin: 'mediator', verbs, log: makeFakeLog().log });
  return { ...made, trail };
}

it('replays a rule on history and touches nothing', async () => {
  const { apply, ask, commands } = bench(
    historyOf([
      [600, 20],
      [300, 29],
      [280, 27],
      [100, 30],
      [99, 26],
      [50, 31],
      [40, undefined],
      [30, 20],
    ]),
  );
  apply({ rules: { hot: HOT } });
  const answer = await ask('replay', { name: 'hot' });
  expectContract('replay', answer);
  expect(answer).toMatchObject({
    ...{ node: 'kitchen', rule: 'hot', readings: 8, from: NOW - 1_440 * MINUTE, to: NOW },
    words:
      'When air.temperature goes above 28 °C and stays so for 2min, switch fan on; when that stops, switch fan off.',
    runs: [
      { at: NOW - 298 * MINUTE, ms: 18 * MINUTE, did: ['kitchen.fan.state on', 'kitchen.fan.state off'] },
      { at: NOW - 48 * MINUTE },
    ],
  });
  expect(commands).toEqual([]);
});

it('replays a new rule, also one that has no history, and one that runs very often', async () => {
  const many = historyOf(Array.from({ length: 1_400 }, (_, index) => [1_400 - index, index % 2 === 0 ? 20 : 30]));
  const { apply, ask } = bench(many);
  apply({ rules: { hot: HOT } });
  const often = await ask('replay', { name: 'x', rule: { when: 'air.temperature > 25°C', then: { fan: 'on' } } });
  expect(often).toMatchObject({ more: 500 });
  expectContract('replay', often);
  const silent = await ask('replay', { name: 'x', rule: { when: 'button.pressed', then: { fan: 'on' } } });
  expect(silent).toMatchObject({ readings: 0, runs: [], noHistory: ['kitchen.button.pressed'] });
  const timed = await ask('replay', { name: 'x', rule: { when: '07:30', then: { fan: 'on' } }, sinceMs: 86_400_000 });
  expect(timed).toMatchObject({ runs: [{ at: Date.UTC(2026, 10, 22, 6, 30) }] });
});

it.each([
  [{ name: 'x', rule: { when: 'air.temprature > 25°C', then: { fan: 'on' } } }, 'HB301', 'air.temperature'],
  [{ name: 'x', rule: { when: 'air.temperature > 25 kWh', then: { fan: 'on' } } }, 'HB', 'kWh'],
  [{ name: 'x', rule: { when: 'air.temperature > 25°C', then: { fna: 'on' } } }, 'HB3', 'fan'],
  [{ name: 'htt' }, 'HB345', 'hot'],
  [{ name: 'later' }, 'HB346', 'garden.door'],
  [{ name: 'hot', sinceMs: -1 }, 'HB158', 'sinceMs'],
  [{}, 'HB158', 'name'],
])('refuses to replay %j', async (args, code, words) => {
  const { apply, ask } = bench();
  apply({ rules: { hot: HOT, later: { when: 'garden.door is open', then: { fan: 'on' } } } });
  await expect(ask('replay', args)).rejects.toMatchObject({
    code: expect.stringMatching(new RegExp(`^${code}`)),
    message: expect.stringContaining(words),
  });
});

it('explains a rule: what it needs, what it did, how near it came', async () => {
  const { apply, ask, read, clock } = bench();
  apply({ rules: { hot: HOT } });
  read('air.temperature', 20);
  read('air.temperature', 28.3);
  await clock.advance(60_000);
  read('air.temperature', 27.6);
  const before = await ask('why', { name: 'hot' });
  expectContract('why', before);
  expect(before).toMatchObject({
    rule: { rule: 'hot', state: 'ready', tests: [{ part: 'when', holds: false }], nearest: { at: expect.any(Number) } },
  });
  read('air.temperature', 30);
  await clock.advance(121_000);
  const after = await ask('why', { name: 'hot' });
  expectContract('why', after);
  expect(after).toMatchObject({ rule: { last: { result: 'acted', steps: [{ state: 'done' }] } } });
});

it('explains a point: device, policy, reading, command, rules', async () => {
  const { apply, ask, bus, read } = bench();
  apply({ rules: { hot: { when: 'air.temperature > 28°C', then: { fan: 'on' } } } });
  read('air.temperature', 20);
  read('air.temperature', 30);
  const json = (topic: string, value: unknown) =>
    void bus.publish({ topic, payload: JSON.stringify(value), retain: true, origin: 'publisher' });
  json('hanbus/kitchen/fan/$meta', { kind: 'relay', at: 'gpio17', provenance: { why: 'in the scheme' }, points: FAN });
  json('hanbus/kitchen/fan/state/$publish', { every: '60s', origin: { every: 'default' } });
  read('fan.state', true);
  const answer = await ask('why', { name: 'fan' });
  expectContract('why', answer);
  expect(answer).toMatchObject({
    point: {
      ...{ point: 'kitchen.fan.state', type: 'boolean', readBy: [], writtenBy: ['hot'] },
      device: { name: 'kitchen.fan', kind: 'relay', at: 'gpio17', state: 'ready', why: 'in the scheme' },
      policy: { every: '60s' },
      reading: { value: true, text: 'on', quality: 'good' },
      command: { value: 'on', by: 'rule:hot', at: NOW, state: 'done' },
    },
  });
  const air = await ask('why', { name: 'kitchen/air/temperature' });
  expect(air).toMatchObject({ point: { readBy: ['hot'], unit: '°C', reading: { text: '30' } } });
});

it('tells of a command that came another way than over the bus', async () => {
  const { apply, ask, bus, trail } = bench();
  apply({ rules: { hot: HOT } });
  bus.publish({ topic: 'hanbus/kitchen/fan/state/set', payload: 'on', origin: 'mqtt:ann' });
  trail.push({
    id: '9',
    point: 'fan.state',
    value: false,
    by: 'cli',
    origin: 'api',
    at: NOW + 5,
    st: 'done',
    ms: 2,
    times: 1,
  });
  const answer = await ask('why', { name: 'fan' });
  expectContract('why', answer);
  expect(answer).toMatchObject({ point: { command: { id: '9', value: 'off', by: 'cli', state: 'done' } } });
});

it('explains a variable, a rule that waits, and nothing else', async () => {
  const { apply, ask, bus } = bench();
  apply({
    home: { mode: { values: ['home', 'away'], initial: 'home' } },
    rules: { later: { when: 'garden.door is open', then: { 'home.mode': 'away' } } },
  });
  bus.publish({ topic: 'hanbus/kitchen/fan/state/set', payload: 'on', origin: 'mqtt:ann' });
  const variable = await ask('why', { name: 'home.mode' });
  expectContract('why', variable);
  expect(variable).toMatchObject({ point: { point: 'home.mode', type: 'enum', reading: { text: 'home' } } });
  const waiting = await ask('why', { name: 'later' });
  expectContract('why', waiting);
  expect(waiting).toMatchObject({ rule: { state: 'waiting', missing: ['garden.door'] } });
  expect(await ask('why', { name: 'fan' })).toMatchObject({ point: { command: { value: 'on', by: 'mqtt:ann' } } });
  bus.publish({ topic: 'hanbus/kitchen/closed/$state', payload: 'failing', retain: true, origin: 'publisher' });
  await expect(ask('why', { name: 'closed' })).rejects.toMatchObject({ code: 'HB346' });
  await expect(ask('why', { name: 'fna' })).rejects.toMatchObject({
    code: 'HB345',
    message: expect.stringContaining('fan'),
  });
});

it('lists, pauses and runs rules', async () => {
  const { apply, ask, read, commands } = bench();
  apply({ rules: { a: { when: 'button.pressed', then: { fan: 'on' } } } });
  expect(await ask('rule', { name: 'a', on: false })).toMatchObject({ did: 'paused' });
  read('button.pressed', 'pressed');
  expect(commands).toEqual([]);
  const list = await ask('rules');
  expectContract('rules', list);
  expect(list).toMatchObject({ rules: [{ rule: 'a', state: 'paused', when: ['button.pressed'], today: 0 }] });
  expect(await ask('rule', { name: 'a', on: true })).toMatchObject({ did: 'resumed' });
  expect(await ask('rule', { name: 'a', run: true })).toMatchObject({ did: 'ran' });
  expect(commands).toEqual(['kitchen/fan/state true']);
  await expect(ask('rule', { name: 'b', on: true })).rejects.toMatchObject({ code: 'HB345' });
  await expect(ask('rule', { name: 'a' })).rejects.toMatchObject({ code: 'HB158' });
});

it('windows begin with what is stored, and history triggers nothing', async () => {
  const { apply, read, commands, clock } = bench(
    historyOf([
      [55, 40],
      [30, 40],
      [5, 40],
    ]),
  );
  apply({
    rules: {
      warm: { when: 'button.pressed', if: 'avg(air.temperature, 1h) > 30°C', then: { fan: 'on' } },
      each: { when: 'air.temperature changed', then: { fan: 'off' } },
    },
  });
  await clock.advance(100);
  expect(commands).toEqual([]);
  read('air.temperature', 35);
  read('button.pressed', 'pressed');
  expect(commands).toEqual(['kitchen/fan/state true']);
});

it('history that never comes is not waited for', async () => {
  const never = async function* none(): AsyncGenerator<HistoryReading> {
    yield* await new Promise<HistoryReading[]>(() => undefined);
  };
  const { apply, read, commands, clock } = makeBenchWith(never);
  apply({ rules: { warm: { when: 'avg(air.temperature, 1h) > 30°C', then: { fan: 'on' } } } });
  await clock.advance(5_100);
  read('air.temperature', 20);
  await clock.advance(60_000);
  read('air.temperature', 99);
  await clock.advance(3_600_000);
  expect(commands).toEqual(['kitchen/fan/state true']);
});

function makeBenchWith(history: () => AsyncGenerator<HistoryReading>) {
  const made = makeBench({ startMs: NOW, history });
  made.device('air', AIR);
  made.device('fan', FAN);
  return made;
}

it('sets a variable of the home as `set` sets a point', async () => {
  const { apply, ask, bus } = bench();
  apply({ home: { mode: { values: ['home', 'away'], initial: 'home' }, limit: { unit: '°C', initial: 20 } } });
  const done = await ask('variable', { name: 'limit', value: '68 °F', by: 'cli' });
  expectContract('set', done);
  expect(done).toMatchObject({ hanbus: 'set/1', point: 'home.limit', st: 'done', value: 20, text: '20 °C' });
  expect(await ask('variable', { name: 'mode', value: 'away', dry: true })).toMatchObject({ st: 'would' });
  const mode = bus.retainedAt('hanbus/home/mode');
  expect(mode === undefined ? '' : textOf(mode)).toBe('home');
  expect(await ask('variable', { name: 'mode', value: 'gone' })).toMatchObject({ st: 'rejected', code: 'HB343' });
  expect(await ask('variable', { name: 'mood', value: 'x' })).toMatchObject({ st: 'rejected', code: 'HB342' });
});
