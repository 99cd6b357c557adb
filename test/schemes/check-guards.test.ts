import { describe, expect, test } from 'vitest';
import { loadScheme } from '../../src/schemes/load.ts';
import { TEST_KINDS } from '../fakes/kinds.ts';
import { textWorld } from './case-world.ts';

const dimmer = {
  kind: 'dimmer',
  summary: 'A lamp with a level.',
  options: {},
  points: {
    level: { type: 'number', unit: '%', range: [0, 100], settable: true },
    power: { type: 'number', unit: 'W' },
  },
  example: {},
} as const;
const load = (text: string) => loadScheme({ ...textWorld(text), kinds: new Map([...TEST_KINDS, ['dimmer', dimmer]]) });
const guardsOf = async (keys: string, kind = 'relay') => {
  const { scheme, problems } = await load(`devices: {air: bme280, it: {kind: ${kind}, at: gpio17, ${keys}}}\n`);
  return scheme?.devices.it?.guards ?? problems.map(({ code }) => code);
};

describe('the guards of an output', () => {
  test.each([
    ['safe: off', { safe: false }],
    ['safe: true, restore: last', { safe: true, restore: 'last' }],
    ['max_on: 1min, min_on: 5s, min_off: 10s', { maxOnMs: 60_000, minOnMs: 5_000, minOffMs: 10_000 }],
    ['max_per_hour: 20, rate: 0.5, mode: once', { maxPerHour: 20, rate: 0.5, mode: 'once' }],
    ['interlock: motor', { interlock: 'motor' }],
    ['interlock: {group: motor, wait: 2s}', { interlock: 'motor', interlockWaitMs: 2_000 }],
    ['only_if: air.humidity < 60, manual: 30min', { onlyIf: 'air.humidity < 60', manualMs: 1_800_000 }],
    ['dead_man: 5min, safe: off', { safe: false, deadManMs: 300_000 }],
  ])('%s', async (keys, guards) => {
    expect(await guardsOf(keys)).toEqual(guards);
  });

  test.each([
    ['safe: 30', { safe: 30 }],
    ['safe: 30%', { safe: 30 }],
    ['safe: 300‰', { safe: 30 }],
  ])('%s in the unit of its point', async (keys, guards) => {
    expect(await guardsOf(keys, 'dimmer')).toEqual(guards);
  });

  test.each([
    ['safe: 300', 'dimmer', ['HB319']],
    ['safe: 30W', 'dimmer', ['HB319']],
    ['safe: half', 'relay', ['HB319']],
    ['dead_man: 5min', 'relay', ['HB319']],
    ['restore: safe', 'relay', ['HB319']],
    ['restore: lats', 'relay', ['HB206']],
    ['max_on: 60', 'relay', ['HB210']],
    ['max_per_hour: 0', 'relay', ['HB206']],
    ['interlock: {wait: 2s}', 'relay', ['HB205']],
    ['interlock: {group: a, wiat: 2s}', 'relay', ['HB204']],
    ['only_if: air.humidty < 60', 'relay', ['HB301']],
    ['only_if: "air.humidity <"', 'relay', ['HB304']],
    ['max_on: 1min, safe: off', 'bme280', ['HB319', 'HB319']],
  ])('%s of a %s is wrong', async (keys, kind, codes) => {
    expect(await guardsOf(keys, kind)).toEqual(codes);
  });

  test('may stand at one of its points, and at a device that is still to be found', async () => {
    const { scheme, problems } = await load(
      'devices: {it: {kind: dimmer, at: gpio17, points: {level: {safe: 10}}}, found: {max_on: 1min, points: {state: {safe: off}}}}\n',
    );
    expect(problems).toEqual([]);
    expect(scheme?.devices.it?.points.level?.guards).toEqual({ safe: 10 });
    expect(scheme?.devices.found?.guards).toEqual({ maxOnMs: 60_000 });
    expect(scheme?.devices.found?.points.state?.guards).toEqual({ safe: false });
    const sensor = await load('devices: {it: {kind: dimmer, at: gpio17, points: {power: {safe: 10}}}}\n');
    expect(sensor.problems).toMatchObject([{ code: 'HB319' }]);
  });
});

describe('state', () => {
  test.each([
    ['{keep: 7d, max: 64MB}', { keepMs: 604_800_000, maxBytes: 64_000_000 }],
    ['{max: 2 GiB}', { maxBytes: 2_147_483_648 }],
    ['{}', {}],
  ])('%s', async (text, state) => {
    expect((await load(`state: ${text}\n`)).scheme?.state).toEqual(state);
  });

  test.each([
    ['{max: 1kB}', 'HB212'],
    ['{max: 64}', 'HB210'],
    ['{max: big}', 'HB210'],
    ['{keep: 7}', 'HB210'],
    ['{kep: 7d}', 'HB204'],
    ['7d', 'HB205'],
  ])('%s is wrong', async (text, code) => {
    expect((await load(`state: ${text}\n`)).problems.map((problem) => problem.code)).toEqual([code]);
  });
});
