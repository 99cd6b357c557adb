import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseLastValues, restoreLast } from '../../src/recorder/last-values.ts';
import { startRecorder } from '../../src/recorder/recorder.ts';
import { openDocument } from '../../src/state/document.ts';
import type { HistoryReading } from '../../src/state/history/history.ts';
import { openHistory } from '../../src/state/history/open-history.ts';
import { makeScripted } from '../fakes/drivers.ts';
import { makeFakeLog } from '../fakes/log.ts';
import { planOf, setUp } from '../publisher/set-up.ts';

test('what the real publisher says is recorded as it says it, renamed and in the unit of the person', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hanbus-recorder-'));
  const { driver } = makeScripted({ read: (count) => ({ value: 20 + count }) });
  const silent = makeScripted({ read: (count) => (count < 3 ? { value: count } : Promise.reject(new Error('gone'))) });
  const { apply, bus, clock, publisher, retained } = setUp({ scripted: driver, silent: silent.driver });
  const { log, lines } = makeFakeLog();
  const last = await openDocument({ path: join(folder, 'last.json'), parse: parseLastValues, clock, log });
  const stored = { device: 'air', point: 'warmth', value: 50, epoch: 6, sequence: 9 };
  const restored = restoreLast(bus, 'kitchen', { points: [stored] });
  expect(retained('air/warmth')).toBe('50');
  const history = openHistory({ path: join(folder, 'history.db'), clock, log });
  const recorder = startRecorder({ bus, node: 'kitchen', clock, log, history, last, restored });
  await history.ready;
  const warmth = { value: { name: 'warmth', unit: '°F' } };
  await apply([planOf('air', 'scripted', { points: warmth }), planOf('cellar', 'silent')], { on_change: 'any' });
  await clock.advance(60_000);
  const readings: HistoryReading[] = [];
  for await (const reading of history.readings(['kitchen.air.warmth'], 0, 4e12)) readings.push(reading);
  expect(readings.slice(0, 2)).toMatchObject([
    { value: 69.8, unit: '°F', quality: 'good' },
    { value: 71.6, unit: '°F', quality: 'good' },
  ]);
  const now = clock.now();
  const cellar = await history.query({ point: 'kitchen.cellar.value', from: now - 60_000, to: now, buckets: 4 });
  expect(cellar?.buckets.map(({ last: held }) => held)).toEqual([2, expect.anything(), undefined, undefined]);
  await recorder.stop();
  await history.close();
  await publisher.stop();
  expect(last.value?.points.map(({ device, point }) => `${device}.${point}`).sort()).toEqual([
    'air.warmth',
    'cellar.value',
  ]);
  await last.close();
  expect(lines.filter(({ level }) => level !== 'debug')).toEqual([]);
  rmSync(folder, { recursive: true });
});
