import { describe, expect, test } from 'vitest';
import { readOne, readWhen } from '../../fakes/home-points.ts';

describe('a trigger', () => {
  test.each([
    ['button.pressed', { on: 'event', point: 'kitchen.button.pressed' }],
    ['button', { on: 'event', point: 'kitchen.button.pressed' }],
    ['button.pressed is long', { on: 'event', point: 'kitchen.button.pressed', value: 'long' }],
    ['lamp changed', { on: 'changed', point: 'kitchen.lamp.state' }],
    ['air.humidity rising', { on: 'rising', point: 'kitchen.air.humidity' }],
    ['lamp falling', { on: 'falling', point: 'kitchen.lamp.state' }],
    ['home.mode changed', { on: 'changed', point: 'home.mode' }],
    ['07:30', { on: 'clock', atMs: 27_000_000 }],
    ['23:59:59', { on: 'clock', atMs: 86_399_000 }],
    ['every 15min', { on: 'every', ms: 900_000 }],
    ['every 2d', { on: 'every', ms: 172_800_000 }],
    ['cron "*/5 8-18 * * mon-fri"', { on: 'cron', pattern: '*/5 8-18 * * mon-fri' }],
    ["cron '0 0 29 2 *'", { on: 'cron', pattern: '0 0 29 2 *' }],
    ['sunset', { on: 'sun', event: 'sunset', offsetMs: 0 }],
    ['sunset + 15min', { on: 'sun', event: 'sunset', offsetMs: 900_000 }],
    ['sunrise - 1h30min', { on: 'sun', event: 'sunrise', offsetMs: -5_400_000 }],
    ['noon', { on: 'sun', event: 'noon', offsetMs: 0 }],
    ['lamp is gone', { on: 'gone', subject: { kind: 'device', name: 'kitchen.lamp' } }],
    ['fridge is back', { on: 'back', subject: { kind: 'device', name: 'kitchen.fridge' } }],
    ['garden is gone', { on: 'gone', subject: { kind: 'peer', name: 'garden' } }],
    ['garden.door is back', { on: 'back', subject: { kind: 'device', name: 'garden.door' } }],
    ['message "zigbee2mqtt/door"', { on: 'message', filter: 'zigbee2mqtt/door' }],
    ['message "a/+/c/#"', { on: 'message', filter: 'a/+/c/#' }],
    ['start', { on: 'start' }],
    ['  start ', { on: 'start' }],
  ])('%s', (text, expected) => {
    const { rule, problems } = readWhen(text);
    expect(problems).toEqual([]);
    expect(rule?.when).toEqual([{ ...expected, text: text.trim() }]);
  });

  test('may be any of a list', () => {
    expect(readWhen(['07:30', 'lamp is on']).rule?.when.map(({ on }) => on)).toEqual(['clock', 'test']);
  });

  test.each([
    ['24:00', 'HB308', [0, 5]],
    ['every', 'HB210', [5, 6]],
    ['every 15', 'HB210', [6, 8]],
    ['every minute', 'HB210', [6, 12]],
    ['every 10ms', 'HB308', [6, 10]],
    ['cron */5', 'HB304', [5, 8]],
    ['cron "60 * * * *"', 'HB308', [5, 17]],
    ['cron "* * 30 2 *"', 'HB308', [5, 17]],
    ['cron "5-1 * * * *"', 'HB308', [5, 18]],
    ['sunset + 20h', 'HB308', [9, 12]],
    ['sunset * 2', 'HB307', [0, 10]],
    ['at 07:30', 'HB304', [0, 2]],
    ['message door', 'HB304', undefined],
    ['message "a/#/b"', 'HB304', [8, 15]],
    ['message "a" and lamp', 'HB304', [8, 20]],
    ['cam rising', 'HB305', [0, 3]],
    ['5 changed', 'HB304', [0, 1]],
  ])('%s is wrong: %s', (text, code, within) => {
    const { problems, rule } = readWhen(text);
    expect(problems[0]).toMatchObject({ code, ...(within === undefined ? {} : { within }) });
    expect(rule).toBeUndefined();
  });

  test('the place counts the spaces before the text', () => {
    expect(readWhen('   every 15').problems[0]?.within).toEqual([9, 11]);
  });
});

const DO = { then: { lamp: 'on' }, else: { lamp: 'off' } };

describe('else', () => {
  test('makes a test of what is gone, so that it can end', () => {
    const { rule } = readOne({ when: 'garden is gone', ...DO });
    expect(rule?.when[0]).toMatchObject({ on: 'test', test: { op: 'gone' } });
  });

  test.each(['07:30', 'button.pressed', ['pump is on', 'start']])('needs a single condition, not %j', (when) => {
    const { problems } = readOne({ when, ...DO });
    expect(problems).toMatchObject([{ code: 'HB314', path: ['rules', 'it', 'else'] }]);
  });

  test('that is empty needs nothing', () => {
    expect(readOne({ when: '07:30', ...DO, else: {} }).problems).toEqual([]);
  });
});

describe('a rule', () => {
  test('has its settings, what it reads and writes', () => {
    const raw = {
      when: 'pump is on',
      if: 'soil < 30',
      ...DO,
      cooldown: '2h',
      mode: 'restart',
      catchup: '1h',
      run_on: 'garden',
      about: 'x',
    };
    expect(readOne(raw).rule).toMatchObject({
      cooldownMs: 7_200_000,
      mode: 'restart',
      catchupMs: 3_600_000,
      runOn: 'garden',
      about: 'x',
      reads: ['kitchen.pump.state', 'kitchen.soil.moisture'],
      writes: ['kitchen.lamp.state'],
    });
  });

  test('has the fingerprint of what it means, not of how it is written', () => {
    const one = readOne({ when: 'pump is on', ...DO }).rule?.fingerprint;
    expect(readOne({ when: 'kitchen.pump  is open', ...DO, about: 'x' }).rule?.fingerprint).toBe(one);
    expect(readOne({ when: 'pump is off', ...DO }).rule?.fingerprint).not.toBe(one);
    expect(readOne({ when: 'pump is on', ...DO, cooldown: '1s' }).rule?.fingerprint).not.toBe(one);
  });

  test.each([
    [{ ...DO }, 'HB207'],
    [{ when: 'lamp' }, 'HB207'],
    [{ when: {}, ...DO }, 'HB206'],
    [{ when: ['lamp', 5], ...DO, else: {} }, 'HB206'],
    [{ when: 5, ...DO }, 'HB206'],
    [{ when: [], ...DO, else: {} }, undefined],
  ])('%j: %s', (raw, code) => {
    const { problems, rule } = readOne(raw);
    expect(problems[0]?.code).toBe(code);
    expect(rule).toBeUndefined();
  });
});
