import { describe, expect, test } from 'vitest';
import { driver } from '../../../src/drivers/outputs/relay.ts';
import { makeBench, onBench } from '../../fakes/bench.ts';

const OPTIONS = { at: 'gpio17', active_low: false };

describe('relay', () => {
  test('switches its line and tells what the line is', async () => {
    const bench = makeBench();
    const relay = await onBench(bench, driver, OPTIONS);
    expect(bench.gpio.use(17)).toBe('out');
    expect(await relay.read()).toEqual({ state: false });
    expect(await relay.write('state', true)).toEqual({ state: true });
    expect(bench.gpio.level(17)).toBe(true);
    await relay.write('state', false);
    expect(bench.gpio.level(17)).toBe(false);
  });

  test('active low: on is a low level, and off from the first moment on', async () => {
    const bench = makeBench();
    const levels: boolean[] = [];
    bench.gpio.onOutput((_offset, high) => levels.push(high));
    const relay = await onBench(bench, driver, { at: 'gpio17', active_low: true }, { '*': false });
    await relay.write('state', true);
    expect(levels).toEqual([true, false]);
  });

  test.each([
    [{ state: true }, [true]],
    [{ '*': true }, [true]],
    [{ state: false, '*': true }, [false]],
  ])('begins with the safe value %j: no other level in between', async (initial, levels) => {
    const bench = makeBench();
    const seen: boolean[] = [];
    bench.gpio.onOutput((_offset, high) => seen.push(high));
    await onBench(bench, driver, OPTIONS, initial);
    expect(seen).toEqual(levels);
  });

  test('without a safe value it goes on with what the line was, and closing does not switch', async () => {
    const bench = makeBench();
    const first = await onBench(bench, driver, OPTIONS);
    await first.write('state', true);
    await first.open.close();
    expect(bench.gpio.level(17)).toBe(true);
    const second = await onBench(bench, driver, OPTIONS);
    expect(await second.read()).toEqual({ state: true });
  });

  test('a line of somebody else is Unavailable with his name', async () => {
    const bench = makeBench();
    bench.gpio.occupy(17, 'gpio-fan');
    await expect(onBench(bench, driver, OPTIONS)).rejects.toMatchObject({
      name: 'Unavailable',
      code: 'HB104',
      message: 'gpio17 is used by gpio-fan',
    });
  });

  test('a line that is not there is an OptionsError', async () => {
    await expect(onBench(makeBench(), driver, { ...OPTIONS, at: 'gpio99' })).rejects.toMatchObject({
      name: 'OptionsError',
      message: 'there is no gpio99: no chip has a line gpio99',
    });
  });

  test('a chip that goes is Unavailable, not a success', async () => {
    const bench = makeBench();
    const relay = await onBench(bench, driver, OPTIONS);
    bench.gpio.unplug();
    await expect(relay.write('state', true)).rejects.toMatchObject({ name: 'Unavailable' });
    await expect(relay.read()).rejects.toMatchObject({ name: 'Unavailable' });
  });
});
