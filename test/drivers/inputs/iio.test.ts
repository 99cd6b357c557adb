import { describe, expect, it } from 'vitest';
import { treePorts } from '../../fakes/tree-ports.ts';
import { openKind } from '../../harvest/kernel-agents.ts';

const bad = (why: string) => ({ quality: 'bad', why: expect.stringContaining(why) });

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
