import { expect, test } from 'vitest';
import { driver } from '../../../src/drivers/outputs/buzzer.ts';
import { makeBench, onBench } from '../../fakes/bench.ts';

test('any tone sounds, 0 is silence, and it begins silent whatever is safe', async () => {
  const bench = makeBench();
  const levels: boolean[] = [];
  bench.gpio.onOutput((_offset, high) => levels.push(high));
  const chime = await onBench(bench, driver, { at: 'gpio18', active_low: false });
  expect(await chime.read()).toEqual({ tone: 0 });
  expect(await chime.write('tone', 880)).toEqual({ tone: 880 });
  expect(await chime.read()).toEqual({ tone: 880 });
  expect(await chime.write('tone', 0)).toEqual({ tone: 0 });
  expect(levels).toEqual([false, true, false]);
});

test('a ring that is repeated is a second ring: the point takes each command once', () => {
  expect(driver.points.tone).toMatchObject({ settable: true, once: true, unit: 'Hz' });
});

test('on a PWM channel it plays the very tone', async () => {
  const bench = makeBench();
  const tones: unknown[] = [];
  bench.pwm.onTone((place, hz) => tones.push([place, hz]));
  const chime = await onBench(bench, driver, { at: 'pwmchip0:1', active_low: false });
  expect(await chime.write('tone', 880)).toEqual({ tone: 880 });
  expect(await chime.read()).toEqual({ tone: 880 });
  expect(await chime.write('tone', 0)).toEqual({ tone: 0 });
  expect(tones).toEqual([
    ['pwmchip0:1', 880],
    ['pwmchip0:1', 0],
  ]);
  bench.pwm.unplug();
  await expect(chime.write('tone', 880)).rejects.toMatchObject({ name: 'Unavailable' });
});

test('what is no place is an OptionsError', async () => {
  await expect(onBench(makeBench(), driver, { at: 'pwm18', active_low: false })).rejects.toMatchObject({
    name: 'OptionsError',
    message: '"pwm18" is no PWM channel',
  });
});
