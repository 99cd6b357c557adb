import { Check } from 'typebox/schema';
import { describe, expect, test } from 'vitest';
import { type JsonSchema, schemeJsonSchema } from '../../src/schemes/json-schema.ts';
import { TEST_KINDS } from '../fakes/kinds.ts';

// Through JSON, as an editor gets it.
const schema: JsonSchema = JSON.parse(JSON.stringify(schemeJsonSchema(TEST_KINDS)));
const fits = (scheme: unknown) => Check(schema, scheme);

describe('the schema for editors', () => {
  test('is draft-07 and plain JSON, without marks of its own', () => {
    expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
    expect(JSON.stringify(schema)).not.toMatch(/x-hanbus|~kind|undefined/);
  });

  test.each([
    {},
    { node: 'kitchen' },
    { node: { name: 'kitchen', area: 'Kitchen', location: [52.1, 5.1] } },
    { publish: { every: '60s', on_change: '2%', at_most: '2s' } },
    { devices: { air: 'bme280' } },
    { devices: { cpu: { publish: { every: '2s' } } } },
    { devices: { pump: { kind: 'relay', at: 'gpio17', safe: 'off', max_on: '1min' } } },
    {
      devices: {
        soil: { kind: 'ads1115', points: { a0: { name: 'moisture', unit: '%', scale: { '2.6V': 0, '1.2V': 100 } } } },
      },
    },
    { devices: { soil: { kind: 'ads1115', points: { a0: { filter: ['median 5', 'clamp 0..100'], round: 0 } } } } },
    { broker: { listen: 'off', engine: { url: 'mqtt://10.0.0.2:1883', password: '$P' } } },
    { rules: { water: { when: 'soil.moisture < 30', then: { pump: 'on' }, cooldown: '2h' } } },
    {
      rules: {
        water: { when: ['07:30', 'start'], then: [{ pump: 'on' }], else: {}, tests: [{ given: {}, expect: {} }] },
      },
    },
    {
      home: {
        mode: { values: ['home', 'away'], initial: 'home' },
        visits: { counter: 'bell.pressed', reset: 'daily' },
      },
    },
    { groups: { lights: ['lamp', 'porch'] }, scenes: { evening: { lamp: 'on' } }, state: { keep: '7d', max: '64MB' } },
    {
      devices: {
        pump: { kind: 'relay', min_off: '5s', interlock: { group: 'motor', wait: '2s' }, only_if: 'tank > 5%' },
      },
    },
    { devices: { pump: { kind: 'relay', points: { state: { max_per_hour: 6, restore: 'last', mode: 'once' } } } } },
    { devices: { found: { safe: 'off', dead_man: '1min' } } },
    { bridges: { cloud: { kind: 'thingspeak', key: '$TS' } } },
    { include: ['rules/*.yaml'] },
  ])('takes %j', (scheme) => {
    expect(fits(scheme)).toBe(true);
  });

  test.each([
    { device: {} },
    { node: 'Kitchen' },
    { publish: { evry: '60s' } },
    { publish: { every: '60' } },
    { devices: { air: 'bme820' } },
    { devices: { pump: { kind: 'relay', max_on: '60' } } },
    { devices: { air: { kind: 'bme280', max_on: '60s' } } },
    { groups: { lights: 'lamp' } },
    { home: { mode: { value: ['home', 'away'] } } },
    { state: { keep: 7 } },
    { devices: { pump: { kind: 'relay', pin: 17 } } },
    { devices: { soil: { kind: 'ads1115', points: { moister: {} } } } },
    { devices: { soil: { kind: 'ads1115', samples: 100 } } },
    { broker: { engine: { user: 'ann' } } },
    { rules: { water: { wenn: 'x', then: {} } } },
  ])('refuses %j', (scheme) => {
    expect(fits(scheme)).toBe(false);
  });

  test('with live names offers the points of this home', () => {
    const live = schemeJsonSchema(TEST_KINDS, { devices: { board: ['load', 'memory'] } });
    expect(JSON.stringify(live)).toContain('"board":{"anyOf":[{"title":"a device that is found"');
    expect(Check(live, { devices: { board: { points: { load: { round: 1 } } } } })).toBe(true);
    expect(Check(live, { devices: { board: { points: { laod: { round: 1 } } } } })).toBe(false);
  });
});
