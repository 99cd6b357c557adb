import { describe, expect, test } from 'vitest';
import { driver } from '../../../src/drivers/inputs/pulse.ts';
import { PulseCount } from '../../../src/drivers/parse/pulse-count.ts';
import { makeBench, onBench } from '../../fakes/bench.ts';

const OPTIONS = { at: 'gpio23', per_kwh: 1_000, debounce: 20, pull: 'up' };

describe('pulse', () => {
  test('a pulse each 3.6 s of a meter with 1000 for the kWh is 1000 W', async () => {
    const bench = makeBench();
    const meter = await onBench(bench, driver, OPTIONS);
    const pulse = async () => {
      bench.gpio.drive(23, false);
      await bench.clock.advance(50);
      bench.gpio.drive(23, undefined);
      await bench.clock.advance(3_550);
    };
    expect(await meter.read()).toEqual({ energy: 0, energy_today: 0 });
    await pulse();
    expect(await meter.read()).toEqual({ energy: 0.001, energy_today: 0.001 });
    for (let count = 0; count < 9; count += 1) await pulse();
    expect(await meter.read()).toEqual({ energy: 0.01, energy_today: 0.01, power: 1_000 });
  });

  test('when no pulse comes, the power can be no more than the wait allows', async () => {
    const bench = makeBench();
    const meter = await onBench(bench, driver, OPTIONS);
    for (const [high, ms] of [
      [false, 50],
      [true, 3_550],
      [false, 50],
      [true, 35_970],
    ] as const) {
      bench.gpio.drive(23, high);
      await bench.clock.advance(ms);
    }
    expect(await meter.read()).toMatchObject({ power: 100 });
  });

  test('a chip that goes is Unavailable', async () => {
    const bench = makeBench();
    const meter = await onBench(bench, driver, OPTIONS);
    bench.gpio.unplug();
    await expect(meter.read()).rejects.toMatchObject({ name: 'Unavailable' });
  });
});

describe('PulseCount', () => {
  const noon = new Date(2026, 5, 1, 23, 59, 50).getTime();
  const edge = (atMs: number, lost = 0) => ({ active: true, atMs, lost });

  test('the day begins anew at midnight, the total does not', () => {
    const count = new PulseCount(1_000, noon);
    count.edge(edge(0), { now: noon, mono: 0 });
    count.edge(edge(5_000), { now: noon + 5_000, mono: 5_000 });
    count.edge(edge(15_000), { now: noon + 15_000, mono: 15_000 });
    expect(count.reading({ now: noon + 15_000, mono: 15_000 })).toMatchObject({ energy: 0.003, energy_today: 0.001 });
    expect(count.reading({ now: noon + 2 * 86_400_000, mono: 2 * 86_400_000 })).toMatchObject({
      energy: 0.003,
      energy_today: 0,
    });
  });

  test('pulses that the kernel had no room for are counted', () => {
    const count = new PulseCount(1_000, noon);
    count.edge(edge(0), { now: noon, mono: 0 });
    // Eight changes lost: four ups and four downs.
    count.edge(edge(18_000, 8), { now: noon, mono: 18_000 });
    expect(count.reading({ now: noon, mono: 18_000 })).toEqual({ energy: 0.006, energy_today: 0.006, power: 1_000 });
  });
});
