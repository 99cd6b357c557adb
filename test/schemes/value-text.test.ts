import { expect, test } from 'vitest';
import { fitValue, type ValueSpec, valueOfText } from '../../src/schemes/value-text.ts';

const CELSIUS: ValueSpec = { type: 'number', unit: '°C', range: [-40, 85] };
const MODE: ValueSpec = { type: 'enum', values: ['home', 'away'] };

test.each<[string, ValueSpec, unknown]>([
  ['21.5', CELSIUS, 21.5],
  ['70.7 °F', CELSIUS, 21.5],
  ['ON', { type: 'boolean' }, true],
  ['0', { type: 'boolean' }, false],
  ['open', { type: 'boolean' }, true],
  ['Away', MODE, 'away'],
  ['\u0000', { type: 'text' }, ''],
  ['{"a":1}', { type: 'json' }, { a: 1 }],
  ['pressed', { type: 'event' }, 'pressed'],
])('%j is a value of %j', (text, spec, value) => {
  expect(valueOfText(text, spec)).toEqual({ value });
});

test.each<[string, ValueSpec, string]>([
  ['warm', CELSIUS, 'is not a number'],
  ['', CELSIUS, 'is not a number'],
  ['120', CELSIUS, 'is outside -40..85 °C'],
  ['5 kWh', CELSIUS, 'has the unit kWh, not °C'],
  ['5 s', { type: 'number' }, 'has the unit s, not none'],
  ['perhaps', { type: 'boolean' }, 'is not on or off'],
  ['constructor', { type: 'boolean' }, 'is not on or off'],
  ['night', MODE, 'is not home or away'],
  ['null', { type: 'json' }, 'is null'],
  ['{', { type: 'json' }, 'is not JSON'],
  ['x'.repeat(5_000), { type: 'text' }, 'is longer than 4096 characters'],
])('%j is no value of %j', (text, spec, why) => {
  expect(valueOfText(text, spec)).toEqual({ why });
});

test.each<[unknown, ValueSpec, unknown]>([
  [true, { type: 'boolean' }, { value: true }],
  [1, { type: 'boolean' }, { value: true }],
  ['on', { type: 'boolean' }, { value: true }],
  [20, CELSIUS, { value: 20 }],
  [Number.NaN, CELSIUS, { why: 'is not a number' }],
  [[1], { type: 'json' }, { value: [1] }],
  [{}, { type: 'boolean' }, { why: 'is not on or off' }],
  [null, { type: 'text' }, { why: 'is not a text' }],
  [undefined, MODE, { why: 'is not one of its words' }],
])('%j as a value of %j', (raw, spec, fitted) => {
  expect(fitValue(raw, spec)).toEqual(fitted);
});
