import { Errors } from 'typebox/value';
import { expect, test } from 'vitest';
import { FlashJson } from '../../src/schemes/history-contracts.ts';
import { startFlashBudget } from '../../src/state/flash-budget.ts';
import { makeFakeClock } from '../fakes/clock.ts';
import { makeFakeLog } from '../fakes/log.ts';

function make() {
  const clock = makeFakeClock();
  const { log, lines } = makeFakeLog();
  const history = { times: 0, bytes: 0, syncs: 0 };
  const names = { times: 0, bytes: 0 };
  const pressure: boolean[] = [];
  const budget = startFlashBudget({
    clock,
    log,
    sources: [
      { name: 'names', written: () => names },
      { name: 'history', written: () => history },
    ],
    onPressure: (isHigh) => void pressure.push(isHigh),
  });
  const write = async (minutes: number, bytes: number) => {
    for (let minute = 0; minute < minutes; minute += 1) {
      history.times += 1;
      history.bytes += bytes;
      history.syncs += 1;
      await clock.advance(60_000);
    }
  };
  return { clock, lines, names, pressure, budget, write };
}

test('adds up what each store wrote in the last 24 hours', async () => {
  const { budget, names, write } = make();
  names.times = 3;
  names.bytes = 5_000;
  await write(10, 1_000);
  const summary = budget.summary();
  expect([...Errors(FlashJson, summary)]).toEqual([]);
  expect(summary).toMatchObject({ bytes: 15_000, writes: 13, syncs: 16, bytesPerDay: 2_160_000 });
  expect(summary.stores).toEqual([
    { name: 'history', bytes: 10_000, writes: 10, syncs: 10 },
    { name: 'names', bytes: 5_000, writes: 3, syncs: 6 },
  ]);
  await write(1_440, 10);
  expect(budget.summary()).toMatchObject({ bytes: 14_400, writes: 1_440, syncs: 1_440, bytesPerDay: 14_400 });
});

test('over 200 MB a day it is told once, until it is well below', async () => {
  const { budget, lines, pressure, write } = make();
  await write(9, 150_000);
  expect(budget.problems()).toEqual([]);
  await write(60, 150_000);
  expect(pressure).toEqual([true]);
  expect(budget.problems()).toMatchObject([{ code: 'HB380' }]);
  await write(70, 100_000);
  expect(pressure).toEqual([true]);
  await write(70, 10_000);
  expect(pressure).toEqual([true, false]);
  expect(budget.problems()).toEqual([]);
  expect(lines.map(({ level }) => level)).toEqual(['warn', 'info']);
});

test('a stopped budget counts no more', async () => {
  const { budget, clock } = make();
  budget.stop();
  expect(clock.pending).toBe(0);
});
