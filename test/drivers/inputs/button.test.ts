import { describe, expect, test } from 'vitest';
import { driver } from '../../../src/drivers/inputs/button.ts';
import { makeBench, onBench } from '../../fakes/bench.ts';

const OPTIONS = { at: 'gpio22', pull: 'up', debounce: 30, double: 400, held: 1_000 };
const PRESSED = { state: true, pressed: 'pressed' };
const RELEASED = { state: false, released: 'released' };

async function withButton(options: object = OPTIONS) {
  const bench = makeBench();
  const button = await onBench(bench, driver, options);
  const press = async (ms: number) => {
    bench.gpio.drive(22, false);
    await bench.clock.advance(ms);
    bench.gpio.drive(22, undefined);
    await bench.clock.advance(100);
  };
  return { ...bench, ...button, press };
}

describe('button', () => {
  test('tells that it is up, then presses and releases', async () => {
    const { heard, press } = await withButton();
    await press(100);
    expect(heard).toEqual([{ state: false }, PRESSED, RELEASED]);
  });

  test('two presses in 400 ms are a double one, the third begins anew', async () => {
    const { heard, press } = await withButton();
    for (let times = 0; times < 3; times += 1) await press(100);
    const presses = heard.filter((samples) => 'pressed' in samples);
    expect(presses).toEqual([PRESSED, { ...PRESSED, double: 'double' }, PRESSED]);
  });

  test('two presses with time between are two', async () => {
    const { heard, press, clock } = await withButton();
    await press(100);
    await clock.advance(500);
    await press(100);
    expect(heard.filter((samples) => 'double' in samples)).toEqual([]);
  });

  test('held is told once, while it is down', async () => {
    const { heard, press } = await withButton();
    await press(3_000);
    expect(heard).toEqual([{ state: false }, PRESSED, { held: 'held' }, RELEASED]);
  });

  test('bouncing contacts are one press', async () => {
    const { heard, press, gpio, clock } = await withButton();
    for (const high of [false, true, false, true]) {
      gpio.drive(22, high);
      await clock.advance(5);
    }
    await press(100);
    expect(heard).toEqual([{ state: false }, PRESSED, RELEASED]);
  });

  test('with the resistor down, a high level is down', async () => {
    const { heard, gpio, clock } = await withButton({ ...OPTIONS, pull: 'down' });
    gpio.drive(22, true);
    await clock.advance(100);
    expect(heard).toEqual([{ state: false }, PRESSED]);
  });

  test('a chip that goes is told, and nothing after it', async () => {
    const { heard, failures, gpio, clock } = await withButton();
    gpio.drive(22, false);
    await clock.advance(100);
    gpio.unplug();
    await clock.advance(5_000);
    expect(failures).toMatchObject([{ name: 'Unavailable' }]);
    expect(heard).toEqual([{ state: false }, PRESSED]);
  });

  test('closed while it is down it leaves no timer', async () => {
    const { open, gpio, clock } = await withButton();
    gpio.drive(22, false);
    await clock.advance(100);
    await open.close();
    await open.close();
    expect(clock.pending).toBe(0);
  });
});
