import { describe, expect, it } from 'vitest';
import { Unavailable } from '../../../src/kit/errors.ts';
import { treePorts } from '../../fakes/tree-ports.ts';
import { openKind } from '../../harvest/kernel-agents.ts';

const bad = (why: string) => ({ quality: 'bad', why: expect.stringContaining(why) });

describe('hwmon', () => {
  const at = 'hwmon:pci/0001:01:00.0';

  it('names channels by their labels, with unit, range and limits in words', async () => {
    const { points, read } = await openKind('hwmon', { at }, treePorts('pi5'));
    expect(points.composite).toEqual({
      type: 'number',
      about: 'Composite, max 81.85, crit 85.85',
      unit: '°C',
      range: [-40, 150],
      decimals: 1,
      deviceClass: 'temperature',
      diagnostic: true,
    });
    // 65261.85 and -273.15 °C are the ends of the register, not limits.
    expect(points.sensor_1?.range).toEqual([-40, 150]);
    expect(await read()).toEqual({ composite: 38.9, sensor_1: 41.9 });
  });

  it('converts every sort of the kernel to its unit', async () => {
    const ports = treePorts('bare-vm');
    const files = {
      curr1: '1500',
      energy1: '7200000',
      fan1: '900',
      humidity1: '48250',
      in0: '12114',
      power1: '9530000',
    };
    ports.files.set('/sys/class/hwmon/hwmon0/name', 'all');
    for (const [key, text] of Object.entries(files)) ports.files.set(`/sys/class/hwmon/hwmon0/${key}_input`, text);
    const { points, read } = await openKind('hwmon', { at: 'hwmon:all' }, ports);
    const units = Object.fromEntries(Object.entries(points).map(([name, { unit }]) => [name, unit]));
    expect(units).toEqual({ current: 'A', energy: 'J', fan: 'rpm', humidity: '%', voltage: 'V', power: 'W' });
    expect(await read()).toEqual({ current: 1.5, energy: 7, fan: 900, humidity: 48.3, voltage: 12.114, power: 9.53 });
  });

  it('reads an average where there is no present power, and leaves out what is disabled', async () => {
    const ports = treePorts('bare-vm');
    const chip = '/sys/class/hwmon/hwmon0';
    for (const [file, text] of [
      ['name', 'meter'],
      ['power1_average', '2000000'],
      ['power2_average', '3000000'],
      ['power2_input', '4000000'],
      ['temp1_input', '0'],
      ['temp1_enable', '0'],
      ['pwm1', '128'],
    ]) {
      ports.files.set(`${chip}/${file}`, `${text}`);
    }
    const { read } = await openKind('hwmon', { at: 'hwmon:meter' }, ports);
    expect(await read()).toEqual({ power_1: 2, power_2: 4 });
  });

  it('gives one name to each channel when labels repeat', async () => {
    const ports = treePorts('bare-vm');
    const chip = '/sys/class/hwmon/hwmon0';
    for (const key of ['in1', 'curr1', 'power1', 'power2']) {
      ports.files.set(`${chip}/${key}_input`, '1000');
      ports.files.set(`${chip}/${key}_label`, 'VDD 3.3');
    }
    ports.files.set(`${chip}/name`, 'regulator');
    const { points } = await openKind('hwmon', { at: 'hwmon:regulator' }, ports);
    expect(Object.keys(points)).toEqual(['vdd_3_3', 'vdd_3_3_voltage', 'vdd_3_3_power', 'vdd_3_3_power_2']);
  });

  it('keeps a stopped fan as a reading although it is below the alarm limit', async () => {
    const ports = treePorts('pi5');
    const chip = '/sys/class/hwmon/hwmon2';
    ports.files.set(`${chip}/fan1_min`, '600');
    ports.files.set(`${chip}/fan1_input`, '0');
    const { points, read } = await openKind('hwmon', { at: 'hwmon:platform/cooling_fan' }, ports);
    expect(points.fan).toMatchObject({ range: [0, 50_000], about: 'fan1, min 600' });
    expect(await read()).toEqual({ fan: 0 });
  });

  it('marks broken, silent and senseless channels, each alone', async () => {
    const { read } = await openKind('hwmon', { at: 'hwmon:wild' }, treePorts('hostile'));
    expect(await read()).toMatchObject({
      voltage: bad('says "garbage", which is no number'),
      temperature_1: bad('input/output error'),
      temperature_2: bad('1e400'),
      temperature_3: bad('broken or not connected'),
      fan: bad('no number'),
      cpu_set: 27,
    });
  });

  it('follows its chip when the kernel counts anew, and never reads another', async () => {
    const ports = treePorts('pi5');
    const { read } = await openKind('hwmon', { at }, ports);
    expect(await read()).toEqual({ composite: 38.9, sensor_1: 41.9 });
    const real = await ports.files.link('/sys/class/hwmon/hwmon4');
    ports.files.remove('/sys/class/hwmon/hwmon4');
    ports.files.point('/sys/class/hwmon/hwmon4', (await ports.files.link('/sys/class/hwmon/hwmon1')) ?? '');
    await expect(read()).rejects.toThrow('hwmon:pci/0001:01:00.0 is not there any more');
    ports.files.point('/sys/class/hwmon/hwmon7', real ?? '');
    expect(await read()).toEqual({ composite: 38.9, sensor_1: 41.9 });
  });

  it('is Unavailable when every channel is silent', async () => {
    const ports = treePorts('pi5');
    const { read } = await openKind('hwmon', { at }, ports);
    ports.files.fail(
      '/sys/devices/platform/axi/1000110000.pcie/pci0001:00/0001:00:00.0/0001:01:00.0/nvme/nvme0/hwmon4/temp1_input',
      'EIO',
    );
    expect(await read()).toEqual({ composite: bad('input/output error'), sensor_1: 41.9 });
    ports.files.fail(
      '/sys/devices/platform/axi/1000110000.pcie/pci0001:00/0001:00:00.0/0001:01:00.0/nvme/nvme0/hwmon4/temp2_input',
      'EIO',
    );
    await expect(read()).rejects.toThrow(Unavailable);
  });

  it('gives up when it is told to, also with a sensor that never answers', async () => {
    const ports = treePorts('pi5');
    const { device } = await openKind('hwmon', { at: 'hwmon:platform/cooling_fan' }, ports);
    ports.files.hang('/sys/devices/platform/cooling_fan/hwmon/hwmon2/fan1_input');
    const stop = new AbortController();
    const reading = device.read?.(stop.signal);
    stop.abort(new Unavailable('no answer within 5000 ms'));
    await expect(reading).rejects.toThrow('no answer within 5000 ms');
  });
});
