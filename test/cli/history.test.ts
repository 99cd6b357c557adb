import { afterAll, beforeAll, expect, it } from 'vitest';
import { plotOf } from '../../src/cli/history-plot.ts';
import { isoLocal, lengthText } from '../../src/cli/history-times.ts';
import { answerHistory } from '../fakes/history-answers.ts';
import { type FakeNode, startFakeNode } from '../fakes/node.ts';
import { expectGolden } from './golden.ts';
import { hanbus } from './world.ts';

let node: FakeNode;

beforeAll(async () => {
  process.env.TZ = 'UTC';
  node = await startFakeNode();
});

afterAll(async () => {
  await node.stop();
});

const ask = (argv: readonly string[], env = {}) => hanbus(argv, { env: { HANBUS_RUNTIME: node.runtime, ...env } });

it.each([
  ['history', ['history', 'fridge.temperature']],
  ['history-bad-buckets', ['history', 'fridge.temperature', '--buckets', 'many']],
  ['history-csv', ['history', 'fridge.temperature', '--csv']],
  ['history-csv-buckets', ['history', 'fridge.temperature', '--csv', '--buckets', '4']],
  ['history-none', ['history', 'lamp']],
  ['history-none-now', ['history', 'old.temperature']],
  ['history-no-meter', ['history', 'fridge.temperature', '--totals']],
  ['history-on-off', ['history', 'pump']],
  ['history-plot', ['history', 'fridge.temperature', '--plot']],
  ['history-raw', ['history', 'fridge.temperature', '--raw']],
  ['history-totals', ['history', 'meter.energy', '--totals']],
  ['history-unknown', ['history', 'fridge.temprature']],
])('%s', async (name, argv) => {
  await expectGolden(name, argv, await ask(argv));
});

it('says that readings wait for the clock', async () => {
  node.answer('history', async () => ({
    ...{ hanbus: 'history/1', node: 'kitchen', point: 'kitchen.a.b', type: 'number', from: 0, to: 9, now: 9, count: 0 },
    ...{ buckets: [], cut: false, waiting: 31 },
  }));
  const { err } = await ask(['history', 'a.b']);
  expect(err).toBe(
    'Nothing is recorded of a.b yet: 31 readings of this node wait for a clock that can be trusted (hanbus explain HB384).\n',
  );
});

it('draws with letters where there is no UTF-8', async () => {
  node.answer('history', answerHistory);
  const argv = ['history', 'fridge.temperature', '--plot'];
  await expectGolden('history-plot-ascii', argv, await ask(argv, { LC_ALL: 'C' }));
});

it('CSV has the line ends and quotes of RFC 4180', async () => {
  node.answer('history', async () => ({
    ...{ hanbus: 'history/1', node: 'kitchen', point: 'kitchen.a.b', type: 'text', from: 0, to: 9, now: 9, count: 2 },
    ...{
      buckets: [],
      cut: false,
      raw: [
        { t: 0, v: 'a "b", c', q: 'good' },
        { t: 5, v: null, q: 'bad' },
      ],
    },
  }));
  const { out } = await ask(['history', 'a.b', '--csv']);
  expect(out).toBe(
    'time,value,unit,quality\r\n1970-01-01T00:00:00.000+00:00,"a ""b"", c",,good\r\n1970-01-01T00:00:00.005+00:00,,,bad\r\n',
  );
});

it('CSV of more readings than fit in one answer asks for the older ones, each once', async () => {
  const all = Array.from({ length: 4_500 }, (_, index) => ({ t: Math.floor(index / 3), v: index, q: 'good' }));
  node.answer('history', async ({ until = 1e9, raw }) => {
    const before = all.filter(({ t }) => t < Number(until));
    const page = before.slice(-Number(raw));
    return {
      ...{ hanbus: 'history/1', node: 'kitchen', point: 'kitchen.a.b', type: 'number', from: -1, to: 1e9, now: 9 },
      ...{ count: before.length, buckets: [], cut: before.length > page.length, raw: page },
    };
  });
  const { out } = await ask(['history', 'a.b', '--csv']);
  const values = out
    .trimEnd()
    .split('\r\n')
    .slice(1)
    .map((line) => Number(line.split(',')[1]));
  expect(values).toEqual(all.map(({ v }) => v));
});

it('a plot has no holes in a jump, and none where nobody knew', () => {
  const { lines, top, bottom } = plotOf({ values: [0, 3, undefined, 0], rows: 4, unicode: false });
  expect(lines).toEqual([' *  ', ' *  ', ' *  ', '*  *']);
  expect([top, bottom]).toEqual([3, 0]);
  const flat = plotOf({ values: [5, 5], rows: 3, unicode: true });
  expect(flat.lines.join('').trim()).toHaveLength(1);
});

it('times are local with their offset', () => {
  expect(isoLocal(Date.UTC(2026, 10, 22, 10, 42, 7, 5))).toBe('2026-11-22T10:42:07.005+00:00');
  expect([500, 61_000, 3_600_000, 90_000_000].map(lengthText)).toEqual(['500 ms', '1 min 1 s', '1 h', '1 d 1 h']);
});
