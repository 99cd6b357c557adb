import { expect, test } from 'vitest';
import type { Step } from '../../src/schemes/rules/step.ts';
import { makeWorld, rule } from './world.ts';

test('times and days in a text are said as people say them', () => {
  const world = makeWorld();
  const template = [{ term: { op: 'weekday' } }, ' ', { term: { op: 'time' } }] as const;
  const say: Step = { do: 'set', targets: ['a.oled.line1'], value: { from: 'text', template }, text: 'line1' };
  world.load(rule('clock', { when: [{ on: 'event', point: 'a.button.pressed', text: 'pressed' }], then: [say] }));
  world.event('a.button.pressed', 'pressed');
  const [told = ''] = world.took();
  expect(told).toMatch(/^a\.oled\.line1=(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day (?:[01]\d|2[0-3]):[0-5]\d$/);
});
