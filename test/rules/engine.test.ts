import { expect, test } from 'vitest';
import { above, makeWorld, on, rule, set } from './world.ts';

const TEMP = 'kitchen.air.temperature';
const FAN = 'kitchen.fan.state';
const cool = rule('cool', { when: [on(above(TEMP, 28))], then: [set(FAN, true)], else: [set(FAN, false)] });

test('a test that becomes true runs the rule once, and its else when it is over', () => {
  const world = makeWorld();
  world.load(cool);
  world.say(TEMP, 20);
  world.say(TEMP, 29);
  world.say(TEMP, 30);
  expect(world.took()).toEqual([`${FAN}=on`]);
  world.say(TEMP, 28);
  world.say(TEMP, 27);
  expect(world.took()).toEqual([`${FAN}=off`]);
});

test('a test that is true at the start does not fire', () => {
  const world = makeWorld();
  world.load(cool);
  world.say(TEMP, 29);
  world.say(TEMP, 30);
  expect(world.took()).toEqual([]);
  world.say(TEMP, 20);
  expect(world.took()).toEqual([]);
  world.say(TEMP, 29);
  expect(world.took()).toEqual([`${FAN}=on`]);
});

test('a device that was stale comes back as it was', () => {
  const world = makeWorld();
  world.load(cool);
  world.say(TEMP, 20);
  world.say(TEMP, 29);
  world.took();
  world.say(TEMP, 29, 'stale');
  world.say(TEMP, 29.5);
  expect(world.took()).toEqual([]);
});

test('`for` counts on the monotonic clock without a break', () => {
  const world = makeWorld();
  world.load(rule('slow', { when: [on({ op: 'for', test: above(TEMP, 28), ms: 120_000 })], then: [set(FAN, true)] }));
  world.say(TEMP, 29);
  world.pass(119_999);
  world.say(TEMP, 20);
  world.say(TEMP, 29);
  world.jump(30 * 86_400_000);
  world.pass(119_999);
  expect(world.took()).toEqual([]);
  world.pass(1);
  expect(world.took()).toEqual([`${FAN}=on`]);
});
