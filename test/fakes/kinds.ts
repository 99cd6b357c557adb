import {
  choice,
  duration,
  flag,
  list,
  optional,
  place,
  secret,
  text,
  whole,
  withDefault,
} from '../../src/schemes/fields.ts';
import type { KindFacts, Kinds } from '../../src/schemes/kind-facts.ts';

const volts = (about: string) => ({ type: 'number', about, unit: 'V', range: [-6.2, 6.2] }) as const;

/** A few kinds with all sorts of options, so that scheme tests do not depend on the drivers of the day. */
const FACTS: readonly KindFacts[] = [
  {
    kind: 'ads1115',
    summary: 'Four voltages on I2C.',
    options: {
      at: place('Place on I2C.'),
      gain: withDefault(choice('Largest voltage.', ['6.1V', '4.1V', '2V', '1V']), '4.1V'),
      samples: withDefault(whole('Readings taken for one value.', { min: 1, max: 64 }), 1),
    },
    points: { a0: volts('Input 0.'), a1: volts('Input 1.'), a2: volts('Input 2.'), a3: volts('Input 3.') },
    example: { at: 'i2c-1:0x48' },
  },
  {
    kind: 'bme280',
    summary: 'Temperature, humidity and pressure of the air.',
    options: { at: place('Place on I2C.'), heater: withDefault(flag('Warm the sensor.'), 'off') },
    points: {
      temperature: { type: 'number', unit: '°C', range: [-40, 85] },
      humidity: { type: 'number', unit: '%', range: [0, 100] },
      pressure: { type: 'number', unit: 'hPa', range: [300, 1100] },
    },
    example: { at: 'i2c-1:0x76' },
  },
  {
    kind: 'board',
    summary: 'The board itself.',
    options: { per_core: withDefault(flag('One point for each core.'), false) },
    points: {
      load: { type: 'number', range: [0, 1000] },
      memory_free: { type: 'number', unit: 'MB', range: [0, 1_000_000] },
    },
    example: {},
  },
  {
    kind: 'ds18b20',
    summary: 'A thermometer on 1-Wire.',
    options: { at: place('Probe.') },
    points: { temperature: { type: 'number', unit: '°C', range: [-55, 125] } },
    example: { at: '1wire:28-0316a2794cff' },
  },
  {
    kind: 'hwmon',
    summary: 'A monitoring chip.',
    options: { at: place('Chip.') },
    points: 'found',
    example: { at: 'hwmon:platform/coretemp.0' },
  },
  {
    kind: 'relay',
    summary: 'A relay on a pin.',
    options: {
      at: place('Pin.'),
      pulse: optional(duration('Length of one pulse.')),
      group: optional(list('Relays that are never on together.', text('Name of a relay.'))),
    },
    points: { state: { type: 'boolean', settable: true } },
    example: { at: 'gpio17' },
  },
  {
    kind: 'webcam',
    summary: 'A picture from the network.',
    options: { url: text('Address.'), token: optional(secret('Token of the camera.')) },
    points: { picture: { type: 'text' } },
    example: { url: 'http://camera.lan/now.jpg' },
  },
];

export const TEST_KINDS: Kinds = new Map(FACTS.map((facts) => [facts.kind, facts]));
