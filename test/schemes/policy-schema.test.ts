import { Check } from 'typebox/schema';
import { expect, it } from 'vitest';
import { FILTERS } from '../../src/schemes/filter-catalog.ts';
import { parsePolicy } from '../../src/schemes/policy-parse.ts';
import { policySchema } from '../../src/schemes/policy-schema.ts';

const schema = policySchema();

const right: readonly unknown[] = [
  {},
  { every: '60s', on_change: '2%', at_most: '2s' },
  { every: '1h30min' },
  { on_change: 0.2 },
  { on_change: '0.2°C', unit: '°F', round: 1 },
  { on_change: 'any' },
  { retain: 'on', qos: 1 },
  { retain: false },
  { keep: 'last 10' },
  { keep: { last: 10, ttl: '1h' } },
  { filter: 'max 1min' },
  {
    filter: [
      'median 5',
      { clamp: [0, 100] },
      {
        'calibrate exact': [
          [0, 1],
          [5, 6],
        ],
      },
    ],
  },
  {
    filter: Object.values(FILTERS)
      .slice(0, 20)
      .map(({ example }) => example),
  },
];
it.each(right)('editors accept what the parser accepts: %j', (policy) => {
  expect(parsePolicy(policy).problems.filter(({ severity }) => severity === undefined)).toEqual([]);
  expect(Check(schema, policy)).toBe(true);
});

const wrong: readonly unknown[] = [
  { every: 5 },
  { every: 'fast' },
  { every: '-5s' },
  { evry: '5s' },
  { on_change: -1 },
  { on_change: 'much' },
  { qos: 3 },
  { retain: 'maybe' },
  { round: 1.5 },
  { keep: { last: 0 } },
  { filter: ['medain 5'] },
  { filter: { medain: 5 } },
  { filter: { median: 5, mean: 5 } },
];
it.each(wrong)('and refuse what it refuses: %j', (policy) => {
  expect(parsePolicy(policy).problems).not.toEqual([]);
  expect(Check(schema, policy)).toBe(false);
});

it('is plain JSON Schema', () => {
  expect(JSON.parse(JSON.stringify(schema))).toMatchObject({ type: 'object', additionalProperties: false });
});
