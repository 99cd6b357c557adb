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

describe('thermal', () => {
  it('reads milli degrees', async () => {
    const { read, points } = await openKind('thermal', { at: 'thermal:cpu-thermal' }, treePorts('pi4'));
    expect(await read()).toEqual({ temperature: 48.3 });
    expect(points.temperature).toMatchObject({ unit: '°C', range: [-40, 150] });
  });

  it('is Unavailable when the zone is not there', async () => {
    await expect(openKind('thermal', { at: 'thermal:moon' }, treePorts('pi4'))).rejects.toThrow('thermal:moon');
  });
});

describe('iio', () => {
  const kinds = (board: string, at: string) => openKind('iio', { at }, treePorts(board));

  it('reads a climate sensor in the units of people', async () => {
    const { points, read } = await kinds('pi4', 'iio:i2c-1:0x76/bme280');
    expect(await read()).toEqual({ temperature: 21.37, humidity: 48.3, pressure: 1013.25 });
    expect(points.pressure).toMatchObject({ unit: 'hPa', deviceClass: 'pressure' });
  });

  it('reads labels, numbers and differences of a converter', async () => {
    const { read } = await kinds('pi4', 'iio:i2c-1:0x48/ads1015');
    const voltages = { soil_moisture: 1.634, voltage_1: 0.008, voltage_2: 3.3, voltage_3: 0.004, voltage_0_1: 1.626 };
    expect(await read()).toEqual(voltages);
  });

  it('does the sum with offset and scale, and turns a share of CO2 into ppm', async () => {
    const { points, read } = await kinds('pi4', 'iio:i2c-1:0x62/scd4x');
    expect(await read()).toEqual({ co2: 612, temperature: 25, humidity: 45.8 });
    expect(points.co2?.unit).toBe('ppm');
  });

  it('calls a count without a scale a count', async () => {
    const { points, read } = await kinds('pi4', 'iio:i2c-1:0x29/tsl2591');
    expect(await read()).toEqual({ illuminance: 312.5, intensity_both: 512, intensity_ir: 88 });
    expect(points.intensity_ir?.about).toContain('the kernel driver gives no scale');
    expect(points.intensity_ir?.unit).toBeUndefined();
  });

  it('marks a missed answer of one channel and keeps the other', async () => {
    const { read } = await kinds('pi4', 'iio:platform/dht11@4/dht11@4');
    expect(await read()).toEqual({ temperature: 22, humidity: bad('input/output error') });
  });

  it('takes the shared scale of a type, and the own one before it', async () => {
    const ports = treePorts('bare-vm');
    const folder = '/sys/bus/iio/devices/iio:device0';
    for (const [file, text] of [
      ['name', 'imu'],
      ['in_accel_x_raw', '-100'],
      ['in_accel_y_raw', '100'],
      ['in_accel_scale', '0.01'],
      ['in_accel_y_scale', '0.02'],
      ['in_anglvel_z_raw', '50'],
      ['in_anglvel_scale', '0.001'],
      ['in_magn_x_raw', '10'],
      ['in_magn_scale', '0.5'],
      ['in_timestamp_raw', '1'],
      ['in_count0_raw', '1'],
    ]) {
      ports.files.set(`${folder}/${file}`, `${text}`);
    }
    const { points, read } = await openKind('iio', { at: 'iio:imu' }, ports);
    expect(await read()).toEqual({ acceleration_x: -1, acceleration_y: 2, rotation_z: 0.05, magnetic_x: 5 });
    expect(Object.values(points).map(({ unit }) => unit)).toEqual(['m/s²', 'm/s²', 'rad/s', 'G']);
  });
});
