import { describe, expect, test } from 'vitest';
import { driver } from '../../../src/drivers/inputs/power.ts';
import { openInput, readTwice } from '../../contracts/input-driver.ts';
import { boardNames } from '../../fakes/tree-format.ts';
import { treePorts } from '../../fakes/tree-ports.ts';

const never = new AbortController().signal;
const flags = '/sys/bus/platform/drivers/raspberrypi-firmware/soc:firmware/get_throttled';

describe('power', () => {
  test.each([
    ['0', { ok: true, under_voltage: false, throttled: false, under_voltage_since_boot: false }],
    ['1', { ok: false, under_voltage: true, throttled: false, under_voltage_since_boot: false }],
    ['2', { ok: false, frequency_capped: true, throttled: false }],
    ['4', { ok: false, throttled: true }],
    ['8', { ok: false, temperature_limit: true }],
    ['10000', { ok: true, under_voltage: false, under_voltage_since_boot: true }],
    ['20000', { ok: true, frequency_capped_since_boot: true }],
    ['40000', { ok: true, throttled_since_boot: true }],
    ['80000', { ok: true, temperature_limit_since_boot: true }],
    ['50005', { ok: false, under_voltage: true, throttled: true, throttled_since_boot: true }],
    ['ffffffff', { ok: false, under_voltage: true }],
  ])('the flags 0x%s', async (word, expected) => {
    const ports = treePorts('pi4');
    ports.files.set(flags, `${word}\n`);
    const power = await openInput(driver, {}, ports);
    expect(await power.read?.(never)).toMatchObject(expected);
  });

  test('an older kernel tells of under-voltage alone', async () => {
    const power = await openInput(driver, {}, treePorts('pi3'));
    expect(Object.keys(power.points ?? {})).toEqual(['ok', 'under_voltage']);
    expect(await power.read?.(never)).toEqual({ ok: false, under_voltage: true });
  });

  test('without both, vcgencmd is asked', async () => {
    const power = await openInput(driver, {}, treePorts('pi-zero-2w'));
    expect(await power.read?.(never)).toMatchObject({ ok: false, frequency_capped: true, under_voltage: false });
  });

  test('nonsense is Unavailable, with what was said', async () => {
    const ports = treePorts('pi4');
    const power = await openInput(driver, {}, ports);
    ports.files.set(flags, 'maybe\n');
    await expect(power.read?.(never)).rejects.toMatchObject({
      name: 'Unavailable',
      message: expect.stringContaining('"maybe"'),
    });
  });

  test('a PC has nobody to ask', async () => {
    await expect(openInput(driver, {}, treePorts('x86-laptop'))).rejects.toMatchObject({ name: 'Unavailable' });
  });

  test.each(boardNames())('tells no lie on %s', async (board) => await readTwice(driver, {}, treePorts(board)));
});
