import { expect, it } from 'vitest';
import { parseIioFile } from '../../../src/drivers/parse/iio-channels.ts';
import { IIO_TYPES } from '../../../src/drivers/parse/iio-units.ts';

it.each([
  ['in_temp_input', { key: 'temp', kind: 'temp', index: '', modifier: '', form: 'input' }],
  ['in_voltage3_raw', { key: 'voltage3', kind: 'voltage', index: '3' }],
  ['in_voltage0-voltage1_raw', { key: 'voltage0-voltage1', kind: 'voltage', index: '0', second: '1' }],
  ['in_accel_x_raw', { key: 'accel_x', kind: 'accel', modifier: 'x' }],
  ['in_concentration_co2_raw', { key: 'concentration_co2', kind: 'concentration', modifier: 'co2' }],
  ['in_massconcentration_pm2p5_input', { kind: 'massconcentration', modifier: 'pm2p5' }],
  ['in_temp_object_raw', { kind: 'temp', modifier: 'object' }],
])('%s is a channel', (file, expected) => {
  expect(parseIioFile(file)).toMatchObject(expected);
});

it.each([
  'in_temp_scale',
  'out_voltage0_raw',
  'in_temp_raw_available',
  'in_timestamp_en',
  'name',
  'in__raw',
  'in_constructor_raw',
])('%s is none', (file) => {
  expect(parseIioFile(file)).toBeUndefined();
});

it('every type has a range, and a unit or the words for what has none', () => {
  for (const [kind, { spec }] of Object.entries(IIO_TYPES)) {
    expect(spec.range, kind).toBeDefined();
    expect(spec.unit ?? spec.about, kind).toBeTruthy();
  }
});
