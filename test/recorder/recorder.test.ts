import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Errors } from 'typebox/value';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Bus } from '../../src/bus/bus.ts';
import { textOf } from '../../src/bus/message.ts';
import { request } from '../../src/bus/request.ts';
import { type LastValues, parseLastValues, restoreLast } from '../../src/recorder/last-values.ts';
import { type Recorder, startRecorder } from '../../src/recorder/recorder.ts';
import { type HistoryAnswer, HistoryJson } from '../../src/schemes/history-contracts.ts';
import type { Points } from '../../src/schemes/point.ts';
import type { Reading } from '../../src/schemes/reading.ts';
import { type Document, openDocument } from '../../src/state/document.ts';
import type { History } from '../../src/state/history/history.ts';
import { openHistory } from '../../src/state/history/open-history.ts';
import { type FakeClock, makeFakeClock } from '../fakes/clock.ts';
import { makeFakeLog } from '../fakes/log.ts';

const NODE = 'kitchen';
const NOON = new Date(2026, 10, 22, 12).getTime();
const points: Points = {
  temperature: { type: 'number', unit: '°C' },
  energy: { type: 'number', unit: 'kWh', stateClass: 'total_increasing' },
  door: { type: 'boolean' },
  button: { type: 'event' },
};

let folder: string;
let clock: FakeClock;
let bus: Bus;
let history: History;
let last: Document<LastValues>;
let recorder: Recorder;
let restored: ReturnType<typeof restoreLast>;
let sequence = 0;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hanbus-recorder-'));
  clock = makeFakeClock(NOON);
  await start();
});

afterEach(async () => {
  await stop();
  rmSync(folder, { recursive: true });
});

async function start(): Promise<void> {
  const { log } = makeFakeLog();
  bus = new Bus((error) => {
    throw error;
  });
  last = await openDocument({ path: join(folder, 'last.json'), parse: parseLastValues, clock, log });
  restored = restoreLast(bus, NODE, last.value ?? { points: [] });
  history = openHistory({ path: join(folder, 'history.db'), clock, log });
  recorder = startRecorder({ bus, node: NODE, clock, log, history, last, restored });
  await history.ready;
}

async function stop(): Promise<void> {
  await recorder.stop();
  await history.close();
  await last.close();
}

/** As the publisher does. */
function describe(device: string, specs: Points = points): void {
  const listed = Object.entries(specs).map(([name, spec]) => [name, { ...spec, retained: spec.type !== 'event' }]);
  const payload = JSON.stringify({ kind: 'x', points: Object.fromEntries(listed) });
  bus.publish({ topic: `hanbus/${NODE}/${device}/$meta`, payload, retain: true, origin: 'publisher' });
}

function tell(device: string, point: string, value: Reading['value'], quality: Reading['quality'] = 'good'): void {
  sequence += 1;
  const reading: Reading = { value, quality, time: clock.now(), epoch: 1, sequence };
  const topic = `hanbus/${NODE}/${device}/${point}`;
  bus.publish({ topic, payload: { reading, form: 'plain' }, retain: true, origin: 'publisher' });
  bus.publish({ topic: `${topic}/$v`, payload: { reading, form: 'envelope' }, origin: 'publisher' });
}

async function ask(args: Readonly<Record<string, unknown>>): Promise<HistoryAnswer> {
  const asking = request(bus, { node: NODE, verb: 'history', args }, { clock, origin: 'test' });
  const answer = await asking;
  expect([...Errors(HistoryJson, answer)]).toEqual([]);
  return answer as HistoryAnswer;
}

test('what is published is recorded: numbers, on/off, events, doubt', async () => {
  describe('air');
  tell('air', 'temperature', 20);
  tell('air', 'door', true);
  tell('air', 'button', 'pressed');
  await clock.advance(60_000);
  tell('air', 'temperature', 22);
  await clock.advance(60_000);
  tell('air', 'temperature', 22, 'stale');
  tell('air', 'door', false);
  await clock.advance(60_000);
  const air = await ask({ point: 'air.temperature', since: '3min', until: clock.now(), buckets: 3, raw: 10 });
  expect(air).toMatchObject({ point: 'kitchen.air.temperature', unit: '°C', count: 2 });
  expect(air.buckets.map(({ avg }) => avg)).toEqual([20, 22, undefined]);
  expect(air.raw?.map(({ v }) => v)).toEqual([20, 22]);
  const door = await ask({ point: 'kitchen/air/door', since: '3min' });
  expect(door.spans?.map(({ v, from, to }) => [v, to - from])).toEqual([
    [true, 120_000],
    [false, 60_000],
  ]);
  expect((await ask({ point: 'air.button', raw: 5 })).raw?.map(({ v }) => v)).toEqual(['pressed']);
});

test('a point whose policy says so is not recorded, until it says otherwise', async () => {
  describe('air');
  const topic = `hanbus/${NODE}/air/temperature/$publish`;
  for (const [value, history] of [
    [20, false],
    [21, undefined],
  ] as const) {
    bus.publish({ topic, payload: JSON.stringify({ every: '60s', history }), retain: true, origin: 'publisher' });
    tell('air', 'temperature', value);
  }
  expect((await ask({ point: 'air.temperature', raw: 5 })).raw?.map(({ v }) => v)).toEqual([21]);
});

test('variables of the home are recorded when they change', async () => {
  for (const payload of ['home', 'home', 'away']) {
    bus.publish({ topic: 'hanbus/home/mode', payload, retain: true, origin: 'rules' });
  }
  bus.publish({ topic: 'hanbus/home/target', payload: '21.5', retain: true, origin: 'rules' });
  expect((await ask({ point: 'home.mode', raw: 5 })).raw?.map(({ v }) => v)).toEqual(['home', 'away']);
  expect(await ask({ point: 'home.target' })).toMatchObject({ type: 'number', count: 1 });
});

test('a meter answers with today, this month and its days', async () => {
  describe('power');
  tell('power', 'energy', 100);
  await clock.advance(3_600_000);
  tell('power', 'energy', 101.5);
  const { totals } = await ask({ point: 'power.energy', totals: true });
  expect(totals).toEqual({ today: 1.5, month: 1.5, days: [{ day: '2026-11-22', increase: 1.5, last: 101.5 }] });
});

test('a name that nobody knows gets the nearest one; nonsense is refused', async () => {
  describe('air');
  tell('air', 'temperature', 20);
  await expect(ask({ point: 'air.temperatur' })).rejects.toMatchObject({
    code: 'HB152',
    message: 'there is no point "air.temperatur". Did you mean air.temperature?',
  });
  await expect(ask({ point: 'air' })).rejects.toMatchObject({ code: 'HB152' });
  await expect(ask({})).rejects.toMatchObject({ code: 'HB158' });
  for (const wrong of [{ since: 'yesterday' }, { buckets: 9_999 }, { raw: 0 }, { since: '1h', until: '2h' }]) {
    await expect(ask({ point: 'air.temperature', ...wrong })).rejects.toMatchObject({ code: 'HB385' });
  }
});

test('a point that has said nothing yet is known, and has nothing', async () => {
  describe('air');
  expect(await ask({ point: 'air.temperature' })).toMatchObject({ count: 0, buckets: [], type: 'number' });
});

test('last values are back after a restart, stale, and only until a device says more', async () => {
  describe('air');
  describe('gone');
  tell('air', 'temperature', 20.5);
  tell('air', 'button', 'pressed');
  tell('gone', 'door', true);
  await stop();
  await start();
  const topic = 'hanbus/kitchen/air/temperature';
  const message = bus.retainedAt(topic);
  expect(message === undefined ? undefined : textOf(message)).toBe('20.5');
  expect(message?.payload).toMatchObject({ reading: { quality: 'stale', epoch: 1 } });
  expect(bus.retainedAt('hanbus/kitchen/air/button')).toBeUndefined();
  describe('air');
  tell('air', 'temperature', 21);
  await clock.advance(400_000);
  expect(bus.retainedAt(topic)?.payload).toMatchObject({ reading: { quality: 'good', value: 21 } });
  expect(bus.retainedAt('hanbus/kitchen/gone/door')).toBeUndefined();
});

test('last values are saved each quarter of an hour when something changed', async () => {
  describe('air');
  tell('air', 'temperature', 20);
  await clock.advance(899_000);
  await last.flush();
  expect(last.written.times).toBe(0);
  await clock.advance(4_000);
  await last.flush();
  expect(last.written.times).toBe(1);
  await clock.advance(2_000_000);
  await last.flush();
  expect(last.written.times).toBe(1);
});

test('a damaged document of last values gives what is right of it', () => {
  const good = { device: 'a', point: 'b', value: 1, epoch: 1, sequence: 2 };
  for (const stored of [undefined, 7, {}, { points: 7 }]) expect(parseLastValues(stored)).toEqual({ points: [] });
  const points = [good, 7, { ...good, device: '../x' }, { ...good, epoch: 'x' }, { ...good, value: null }];
  expect(parseLastValues({ points })).toEqual({ points: [good] });
});
