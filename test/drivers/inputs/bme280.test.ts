import { describe, expect, test } from 'vitest';
import { driver } from '../../../src/drivers/inputs/bme280.ts';
import { makeBme280Model } from '../../../src/drivers/ports/simulated/bme280.ts';
import { makeBench, onBench } from '../../fakes/bench.ts';

const PLACE = { bus: 'i2c-1', address: 0x76 };

describe('bme280', () => {
  test('measures when it is asked', async () => {
    const bench = makeBench();
    const sensor = await onBench(bench, driver, { at: 'i2c-1:0x76' });
    expect(await sensor.read()).toEqual({ temperature: 21.5, pressure: 1013.2, humidity: 45 });
    bench.air.air = { temperature: -12.25, pressure: 955, humidity: 99 };
    expect(await sensor.read()).toEqual({ temperature: -12.25, pressure: 955, humidity: 99 });
  });

  test('gives the numbers of the data sheet for its registers', async () => {
    const bench = makeBench();
    const { registers } = bench.air;
    const view = new DataView(registers.buffer);
    const terms = [26_435, -1_000, 36_477, -10_685, 3_024, 2_855, 140, -7, 15_500, -14_600, 6_000];
    view.setUint16(0x88, 27_504, true);
    for (const [index, term] of terms.entries()) view.setInt16(0x8a + 2 * index, term, true);
    view.setUint16(0x8e, 36_477, true);
    const sensor = await onBench(bench, driver, { at: 'i2c-1:0x76' });
    const write = bench.air.write.bind(bench.air);
    Object.assign(bench.air, {
      write: (bytes: readonly number[]) => {
        write(bytes);
        // 415148, 519888, no humidity.
        if (bytes.length > 1) registers.set([0x65, 0x5a, 0xc0, 0x7e, 0xed, 0x00, 0x80, 0x00], 0xf7);
      },
    });
    expect(await sensor.read()).toEqual({ temperature: 25.08, pressure: 1006.5 });
  });

  test('without a place it is found at 0x77 too', async () => {
    const bench = makeBench();
    bench.i2c.remove(PLACE);
    bench.i2c.put({ bus: 'i2c-1', address: 0x77 }, bench.air);
    expect(await (await onBench(bench, driver, {})).read()).toMatchObject({ temperature: 21.5 });
  });

  test('two of them without a place are an OptionsError that names both', async () => {
    const bench = makeBench();
    bench.i2c.put({ bus: 'i2c-1', address: 0x77 }, makeBme280Model(bench.clock, bench.air.air));
    await expect(onBench(bench, driver, {})).rejects.toMatchObject({
      name: 'OptionsError',
      message: 'there is a bme280 at i2c-1:0x76 and i2c-1:0x77',
      fix: 'at: i2c-1:0x76',
    });
  });

  test('none at all is Unavailable', async () => {
    const bench = makeBench();
    bench.i2c.remove(PLACE);
    await expect(onBench(bench, driver, {})).rejects.toMatchObject({ name: 'Unavailable', code: 'HB105' });
    await expect(onBench(bench, driver, { at: 'i2c-1:0x76' })).rejects.toMatchObject({ code: 'HB105' });
  });

  test('a relative without humidity is named', async () => {
    const bench = makeBench();
    bench.air.registers[0xd0] = 0x58;
    await expect(onBench(bench, driver, { at: 'i2c-1:0x76' })).rejects.toMatchObject({
      name: 'OptionsError',
      message: 'the chip there is a BMP280, not a BME280',
    });
  });

  test.each([
    ['nack', 'HB105'],
    ['hang', 'HB143'],
    ['busy', 'HB104'],
  ] as const)('%s while it runs is Unavailable %s, and then it works again', async (fault, code) => {
    const bench = makeBench();
    const sensor = await onBench(bench, driver, { at: 'i2c-1:0x76' });
    bench.i2c.fault(PLACE, fault);
    await expect(sensor.read()).rejects.toMatchObject({ name: 'Unavailable', code });
    bench.i2c.fault(PLACE, undefined);
    expect(await sensor.read()).toMatchObject({ temperature: 21.5 });
  });

  test('a bus of ones gives no lie', async () => {
    const bench = makeBench();
    const sensor = await onBench(bench, driver, { at: 'i2c-1:0x76' });
    bench.i2c.fault(PLACE, 'garbage');
    expect(await sensor.read()).toMatchObject({ temperature: { quality: 'bad' }, pressure: { quality: 'bad' } });
  });
});
