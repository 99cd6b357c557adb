import { describe, expect, test } from 'vitest';
import { driver } from '../../../src/drivers/inputs/ads1115.ts';
import { makeAds1115Model } from '../../../src/drivers/ports/simulated/ads1115.ts';
import { makeBench, onBench } from '../../fakes/bench.ts';

const PLACE = { bus: 'i2c-1', address: 0x48 };
const ALL = ['a0', 'a1', 'a2', 'a3'];

function withChip(address = 0x48) {
  const bench = makeBench();
  const chip = makeAds1115Model(bench.clock, [1.2, 2.6, 0, 3.3]);
  bench.i2c.put({ ...PLACE, address }, chip);
  return { bench, chip };
}

describe('ads1115', () => {
  test('measures each input against ground', async () => {
    const { bench, chip } = withChip();
    const converter = await onBench(bench, driver, { at: 'i2c-1:0x48', gain: '4.096V', inputs: ALL });
    expect(await converter.read()).toEqual({ a0: 1.2, a1: 2.6, a2: 0, a3: 3.3 });
    chip.volts[0] = -0.1;
    expect(await converter.read()).toMatchObject({ a0: -0.1 });
    chip.volts[0] = -1;
    expect(await converter.read()).toMatchObject({ a0: { quality: 'bad' } });
  });

  // Data sheet, 9.5.3: start, AIN0 against ground, gain, single, 128 a second, no comparator.
  test.each([
    ['6.144V', 0xc183],
    ['4.096V', 0xc383],
    ['2.048V', 0xc583],
    ['1.024V', 0xc783],
    ['0.512V', 0xc983],
    ['0.256V', 0xcb83],
  ])('gain %s is the config %i', async (gain, config) => {
    const { bench, chip } = withChip();
    const converter = await onBench(bench, driver, { at: 'i2c-1:0x48', gain, inputs: ['a0'] });
    await converter.read();
    expect(chip.registers[1]).toBe(config);
  });

  test('has just the points of its inputs', async () => {
    const { bench } = withChip();
    const converter = await onBench(bench, driver, { at: 'i2c-1:0x48', gain: '4.096V', inputs: ['a1'] });
    expect(Object.keys(converter.open.points ?? {})).toEqual(['a1']);
    expect(await converter.read()).toEqual({ a1: 2.6 });
  });

  test('without a place it is found by its power-on thresholds, and asking changes nothing', async () => {
    const { bench, chip } = withChip(0x4a);
    const before = [...chip.registers];
    await onBench(bench, driver, { gain: '4.096V', inputs: ALL });
    expect(chip.registers).toEqual(before);
  });

  test('a chip that was reset in between does not pass as measured', async () => {
    const { bench, chip } = withChip();
    const converter = await onBench(bench, driver, { at: 'i2c-1:0x48', gain: '4.096V', inputs: ['a0'] });
    const write = chip.write.bind(chip);
    Object.assign(chip, {
      write: (bytes: readonly number[]) => {
        write(bytes);
        if (bytes.length === 3) chip.reset();
      },
    });
    await expect(converter.read()).rejects.toMatchObject({ name: 'Unavailable' });
  });
});
