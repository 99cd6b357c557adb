import { expect, test } from 'vitest';
import { driver } from '../../../src/drivers/inputs/pir.ts';
import { makeBench, onBench } from '../../fakes/bench.ts';

test('motion begins with an event, goes on, and ends without one', async () => {
  const bench = makeBench();
  const { heard } = await onBench(bench, driver, { at: 'gpio4', active_low: false, debounce: 50 });
  bench.gpio.drive(4, true);
  await bench.clock.advance(3_000);
  bench.gpio.drive(4, false);
  await bench.clock.advance(100);
  expect(heard).toEqual([{ motion: false }, { motion: true, detected: 'detected' }, { motion: false }]);
});

test('a spike of the wire is no motion', async () => {
  const bench = makeBench();
  const { heard } = await onBench(bench, driver, { at: 'gpio4', active_low: false, debounce: 50 });
  bench.gpio.drive(4, true);
  await bench.clock.advance(10);
  bench.gpio.drive(4, false);
  await bench.clock.advance(1_000);
  expect(heard).toEqual([{ motion: false }]);
});
