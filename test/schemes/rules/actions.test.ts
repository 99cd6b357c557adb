import { describe, expect, test } from 'vitest';
import { KITCHEN, readOne, readThen } from '../../fakes/home-points.ts';

const set = (target: string, value: unknown, more: object = {}) => ({
  do: 'set',
  targets: [target],
  value: { from: 'const', value },
  ...more,
});
const steps = (then: unknown) => {
  const { rule, problems } = readThen(then);
  // That a service does not run in this version is no mistake.
  expect(problems.filter(({ code }) => code !== 'HB290')).toEqual([]);
  return rule?.then;
};

describe('an action', () => {
  test.each([
    [{ pump: 'on for 20s' }, set('kitchen.pump.state', true, { forMs: 20_000 })],
    [{ pump: false }, set('kitchen.pump.state', false)],
    [{ 'garden.pump': 'open' }, set('garden.pump.state', true)],
    [{ chime: '880Hz for 400ms' }, set('kitchen.chime.tone', 880, { forMs: 400 })],
    [{ chime: '2kHz' }, set('kitchen.chime.tone', 2_000)],
    [{ chime: 440 }, set('kitchen.chime.tone', 440)],
    [{ timer: '2min' }, set('kitchen.timer.length', 120)],
    [{ fan: 'low' }, set('kitchen.fan.speed', 'low')],
    [{ 'oled.line1': 'wait for 5min' }, set('kitchen.oled.line1', 'wait for 5min')],
    [{ 'oled.line1': '' }, set('kitchen.oled.line1', '')],
    [{ 'oled.line1': { value: 'hi', for: '5s' } }, set('kitchen.oled.line1', 'hi', { forMs: 5_000 })],
    [
      { pump: { value: 'on', ttl: '2s', mode: 'once' } },
      set('kitchen.pump.state', true, { ttlMs: 2_000, mode: 'once' }),
    ],
    [{ lamp: 'toggle' }, { do: 'set', value: { from: 'toggle' } }],
    [{ lights: 'off' }, { do: 'set', targets: ['kitchen.lamp.state', 'kitchen.pump.state'] }],
    [{ 'home.mode': 'away' }, { do: 'variable', variable: 'home.mode', value: { from: 'const', value: 'away' } }],
    [{ 'home.count': '= home.count + 1' }, { do: 'variable', value: { from: 'term', term: { op: '+' } } }],
    [{ wait: '5s' }, { do: 'wait', ms: 5_000 }],
    [{ wait_until: 'lamp is off' }, { do: 'waitFor', timeoutMs: 3_600_000, goesOn: false }],
    [
      { wait_until: { when: 'lamp', timeout: '5s', then: 'continue' } },
      { do: 'waitFor', timeoutMs: 5_000, goesOn: true },
    ],
    [{ scene: 'evening' }, { do: 'scene', scene: 'evening' }],
    [{ 'rules.it': 'off' }, { do: 'rule', rule: 'it', on: false }],
    [{ mail: 'hello' }, { do: 'service', service: 'mail', args: { text: { from: 'const', value: 'hello' } } }],
    [
      { mail: { subject: 'x', attach: 'cam.photo' } },
      { do: 'service', args: { attach: { from: 'term', term: { op: 'point', point: 'kitchen.cam.photo' } } } },
    ],
    [
      { publish: { topic: 'a/{home.mode}', value: 'on', retain: true, qos: 1 } },
      { do: 'publish', topic: ['a/', { term: { op: 'point', point: 'home.mode' } }], retain: true, qos: 1 },
    ],
    [
      { publish: { topic: 'a', json: { level: '= air.humidity / 2' }, over: 'message' } },
      { do: 'publish', payload: { form: 'json', over: true, members: { level: { from: 'term' } } } },
    ],
  ])('%j', (then, expected) => {
    expect(steps(then)).toMatchObject([expected]);
  });

  test('tells that a service does not run yet, at its place', () => {
    const { rule, problems } = readThen([{ lamp: 'on' }, { mail: 'hello' }]);
    expect(problems).toMatchObject([{ code: 'HB290', severity: 'note', path: ['rules', 'it', 'then', 1, 'mail'] }]);
    expect(rule?.then).toHaveLength(2);
  });

  test('may toggle what was not seen yet', () => {
    const { problems, rule } = readThen({ unseen_lamp: 'toggle' }, { ...KITCHEN, unknown: 'wait' });
    expect(problems).toMatchObject([{ code: 'HB303', severity: 'note' }]);
    expect(rule).toBeUndefined();
  });

  test('a map is done at once, a list in order', () => {
    const then = steps([{ lamp: 'on', pump: 'on' }, { wait: '1s' }, { lamp: 'off' }]);
    expect(then?.map((step) => step.do)).toEqual(['parallel', 'wait', 'set']);
    expect(steps({ parallel: [{ lamp: 'on' }, [{ wait: '1s' }, { pump: 'on' }]] })).toMatchObject([
      { do: 'parallel', branches: [[{ do: 'set' }], [{ do: 'wait' }, { do: 'set' }]] },
    ]);
  });

  test('= in another unit is converted', () => {
    const [step] = steps({ 'home.count': '= air.temperature' }) ?? [];
    expect(step).toMatchObject({ value: { term: { op: 'point' } } });
    expect(steps({ timer: '= age(soil) / 2' })).toMatchObject([{ value: { term: { op: 'convert', factor: 0.001 } } }]);
  });

  test('a text is cut where its points are', () => {
    const [step] = steps({ mail: '{{x}} {time} {air.temperature} {air.temperature:0.00} {soil} {message.a.b}!' }) ?? [];
    expect(step).toMatchObject({
      args: {
        text: {
          template: [
            '{x} ',
            { term: { op: 'time' } },
            ' ',
            { term: { point: 'kitchen.air.temperature' }, unit: '°C' },
            ' ',
            { term: { point: 'kitchen.air.temperature' }, decimals: 2 },
            ' ',
            { decimals: 0, unit: '%' },
            ' ',
            { term: { op: 'message', path: ['a', 'b'] } },
            '!',
          ],
        },
      },
    });
  });
});

describe('what is wrong', () => {
  test.each([
    [{ chime: '9kHz' }, 'HB311', '8000Hz'],
    [{ chime: 20 }, 'HB311', '100Hz'],
    [{ chime: '5s' }, 'HB306', '5Hz'],
    [{ chime: 'loud' }, 'HB311', undefined],
    [{ timer: 60 }, 'HB210', '60s'],
    [{ fan: 'hgih' }, 'HB311', 'high'],
    [{ fan: 'toggle' }, 'HB311', undefined],
    [{ pump: 1 }, 'HB311', 'on'],
    [{ pump: {} }, 'HB207', undefined],
    [{ pump: ['on'] }, 'HB311', undefined],
    [{ pump: null }, 'HB311', undefined],
    [{ pump: 'on for ages' }, 'HB212', undefined],
    [{ pump: 'on for 8d' }, 'HB308', '7d'],
    [{ pump: { value: 'on', foor: '5s' } }, 'HB204', 'for: 5s'],
    [{ pump: { value: 'on', mode: 'twice' } }, 'HB206', undefined],
    [{ pump: '= lamp is on' }, 'HB305', undefined],
    [{ pump: '= air.temperature' }, 'HB311', undefined],
    [{ timer: '= air.temperature' }, 'HB306', undefined],
    [{ air: 5 }, 'HB310', undefined],
    [{ oled: 'x' }, 'HB301', 'oled.line1'],
    [{ 'oled.line3': 'x' }, 'HB301', 'oled.line1'],
    [{ 'soil.moisture': 5 }, 'HB310', undefined],
    [{ button: 'on' }, 'HB310', undefined],
    [{ 'home.moode': 'away' }, 'HB315', 'home.mode'],
    [{ 'rules.other': 'on' }, 'HB322', undefined],
    [{ 'rules.it': 'maybe' }, 'HB311', undefined],
    [{ scene: ['evening'] }, 'HB322', undefined],
    [{ wait: 5 }, 'HB210', '5s'],
    [{ wait: {} }, 'HB212', undefined],
    [{ wait_until: { when: 'lamp', then: 'x' } }, 'HB312', undefined],
    [{ parallel: { lamp: 'on' } }, 'HB312', undefined],
    [{ publish: 'a' }, 'HB312', 'publish: {topic: a/b, value: on}'],
    [{ publish: { topic: 'a' } }, 'HB312', undefined],
    [{ publish: { topic: 'a', value: 1, text: 'x' } }, 'HB312', undefined],
    [{ publish: { topic: '$SYS/x', value: 1 } }, 'HB312', undefined],
    [{ publish: { topic: 'a', value: 1, qos: 3 } }, 'HB206', undefined],
    [{ publish: { topic: 'a', json: 'x' } }, 'HB312', undefined],
    [{ publish: { topic: 'a', json: {}, over: 'x' } }, 'HB312', 'over: message'],
    [{ mail: 'a { b' }, 'HB317', undefined],
    [{ mail: '{"a": 1}' }, 'HB317', undefined],
    [{ mail: null }, 'HB312', undefined],
    ['lamp on', 'HB312', 'then: {lamp: on}'],
    [[['lamp to on']], 'HB312', '{lamp: on}'],
    [5, 'HB312', undefined],
  ])('%j: %s', (then, code, fix) => {
    const { problems, rule } = readThen(then);
    expect(problems[0]).toMatchObject({ code, ...(fix === undefined ? {} : { fix }) });
    expect(rule).toBeUndefined();
  });

  test('a strange target is refused where everything is known, with the outputs that there are', () => {
    const { problems } = readOne({ when: 'lamp', then: { heater: 'on' } }, { ...KITCHEN, unknown: 'refuse' });
    expect(problems).toMatchObject([
      {
        code: 'HB310',
        message: '"heater" is not an output here or on a neighbour',
        fix: 'devices: {heater: {kind: relay, at: gpio17}}',
      },
    ]);
    expect(problems[0]?.suggestion).toMatch(/You have: .*lamp.*garden\.pump/);
  });

  test('lists in lists end', () => {
    const deep = Array.from({ length: 5_000 }).reduce<unknown>((inner) => [inner], { lamp: 'on' });
    expect(readThen(deep).problems).toMatchObject([{ code: 'HB312' }]);
  });
});
