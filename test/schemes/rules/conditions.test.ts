import { describe, expect, test } from 'vitest';
import { KITCHEN, readOne, readWhen } from '../../fakes/home-points.ts';

const point = (name: string) => ({ op: 'point', point: name });
const value = (of: unknown) => ({ op: 'const', value: of });
const TEMPERATURE = point('kitchen.air.temperature');
const LAMP = point('kitchen.lamp.state');

/** The test of a `when`, or what is wrong with it. */
function tested(text: string): unknown {
  const { rule, problems } = readWhen(text);
  const [trigger] = rule?.when ?? [];
  return trigger?.on === 'test' ? trigger.test : problems.map(({ code }) => code);
}

describe('a comparison', () => {
  test.each([
    ['air.temperature > 28', { op: '>', left: TEMPERATURE, right: value(28) }],
    ['air.temperature > 28 °C', { op: '>', left: TEMPERATURE, right: value(28) }],
    ['air.temperature > 86°F', { op: '>', left: TEMPERATURE, right: value(30) }],
    ['28°C < air.temperature', { op: '<', left: value(28), right: TEMPERATURE }],
    ['air.temperature >= -5', { op: '>=', left: TEMPERATURE, right: value(-5) }],
    ['kitchen.air.temperature != 0.5°C', { op: '!=', left: TEMPERATURE, right: value(0.5) }],
    ['lamp is on', { op: '=', left: LAMP, right: value(true) }],
    ['lamp is not closed', { op: '!=', left: LAMP, right: value(false) }],
    ['lamp = pump', { op: '=', left: LAMP, right: point('kitchen.pump.state') }],
    ['garden.door is open', { op: '=', left: point('garden.door.state'), right: value(true) }],
    ['fan is low', { op: '=', left: point('kitchen.fan.speed'), right: value('low') }],
    ['home.mode is away', { op: '=', left: point('home.mode'), right: value('away') }],
    ['cam = "a/b"', { op: '=', left: point('kitchen.cam.photo'), right: value('a/b') }],
    ['message.contact is false', { op: '=', left: { op: 'message', path: ['contact'] }, right: value(false) }],
    ['message.battery < 20', { op: '<', left: { op: 'message', path: ['battery'] }, right: value(20) }],
    ['topic = "a/b"', { op: '=', left: { op: 'topic' }, right: value('a/b') }],
    ['age(soil) > 10min', { op: '>', left: { op: 'age', point: 'kitchen.soil.moisture' }, right: value(600_000) }],
    ['board.uptime > 1h30min', { op: '>', left: point('kitchen.board.uptime'), right: value(5_400) }],
    ['weekday is sat', { op: '=', left: { op: 'weekday' }, right: value(6) }],
    ['time > 22:30', { op: '>', left: { op: 'time' }, right: value(81_000_000) }],
    ['air.temperature > 28 hysteresis 1°C', { op: '>', left: TEMPERATURE, right: value(28), hysteresis: 1 }],
    ['air.temperature < 5 hysteresis 1.8°F', { op: '<', left: TEMPERATURE, right: value(5), hysteresis: 1 }],
    ['lamp', { op: 'true', of: LAMP }],
    ['sun is down', { op: 'sun', is: 'down' }],
    ['sun is not down', { op: 'not', test: { op: 'sun', is: 'down' } }],
    ['air.temperature is stale', { op: 'stale', point: 'kitchen.air.temperature' }],
    ['fridge is gone for 5min', expect.objectContaining({ op: 'for', ms: 300_000 })],
    ['garden.air is here or lamp', expect.objectContaining({ op: 'or' })],
  ])('%s', (text, expected) => {
    expect(tested(text)).toEqual(expected);
  });

  test('of two points in different units converts the right one, with offset', () => {
    const right = {
      op: 'convert',
      of: point('garden.air.temperature'),
      factor: expect.closeTo(5 / 9, 10),
      offset: expect.closeTo(-160 / 9, 9),
    };
    expect(tested('air.temperature > garden.air.temperature')).toEqual({ op: '>', left: TEMPERATURE, right });
  });

  test('of a difference of temperatures takes a span, without offset', () => {
    const { left, right } = Object(tested('air.temperature - garden.air.temperature > 9°F'));
    expect(left.op).toBe('-');
    expect(left.right).toMatchObject({ op: 'convert', offset: expect.closeTo(-160 / 9, 9) });
    expect(right).toEqual(value(5));
  });
});

describe('sums', () => {
  test.each([
    ['1 + 2 * 3 < board.load', ['<', ['+', 1, ['*', 2, 3]], 'load']],
    ['(1 + 2) * 3 < board.load', ['<', ['*', ['+', 1, 2], 3], 'load']],
    ['board.load - 1 - 2 > 0', ['>', ['-', ['-', 'load', 1], 2], 0]],
    ['board.load % 2 = 1', ['=', ['%', 'load', 2], 1]],
    ['board.load / 2 > 10', ['>', ['/', 'load', 2], 10]],
    ['-board.load < 1', ['<', ['negate', 'load'], 1]],
    ['abs(board.load) > 1', ['>', ['abs', 'load'], 1]],
    ['max(board.load, 3, 4) > 1', ['>', ['max', 'load', 3, 4], 1]],
  ])('%s', (text, expected) => {
    expect(brief(tested(text))).toEqual(expected);
  });

  test.each(['avg', 'min', 'max', 'sum', 'rate', 'count'])('%s over a time is a window', (fn) => {
    const left = { op: 'window', fn, point: 'kitchen.air.temperature', ms: 3_600_000 };
    expect(tested(`${fn}(air.temperature, 1h) > 3`)).toMatchObject({ op: '>', left });
  });

  test('a window keeps the unit of its point; its rate is a difference', () => {
    expect(tested('avg(air.temperature, 1h) > 86°F')).toMatchObject({ right: value(30) });
    expect(tested('rate(air.temperature, 1h) > 9°F')).toMatchObject({ right: value(5) });
  });
});

/** A test as nested lists. */
function brief(part: unknown): unknown {
  const { op, left, right, of, args, fn, value: constant, point: name } = Object(part);
  if (op === 'const') return constant;
  if (op === 'point') return String(name).split('.').at(-1);
  if (op === 'call') return [fn, ...args.map(brief)];
  return of === undefined ? [op, brief(left), brief(right)] : [op, brief(of)];
}

describe('and, or, not, for', () => {
  const ops = (text: string) => JSON.stringify(shape(tested(text)));
  const shape = (part: unknown): unknown => {
    const { op, tests, test: inner } = Object(part);
    if (tests !== undefined) return [op, ...tests.map(shape)];
    return inner === undefined ? op : [op, shape(inner)];
  };

  test.each([
    ['lamp or pump and not lamp', ['or', 'true', ['and', 'true', ['not', 'true']]]],
    ['(lamp or pump) and lamp', ['and', ['or', 'true', 'true'], 'true']],
    ['lamp and pump for 5min', ['and', 'true', ['for', 'true']]],
    ['(lamp and pump) for 5min', ['for', ['and', 'true', 'true']]],
    ['not lamp for 5min', ['for', ['not', 'true']]],
    ['not (lamp for 5min)', ['not', ['for', 'true']]],
    ['time not in 06:00..20:00', ['not', 'in']],
  ])('%s', (text, expected) => {
    expect(ops(text)).toBe(JSON.stringify(expected));
  });

  test.each([
    ['time in 22:00..06:00', { from: value(79_200_000), to: value(21_600_000), wraps: true }],
    ['time in 06:00..20:00', { wraps: false }],
    ['weekday in sat..mon', { from: value(6), to: value(1), wraps: true }],
    ['weekday in mon..fri', { from: value(1), to: value(5), wraps: false }],
    ['air.temperature in 68..77°F', { from: value(20), to: value(25), wraps: false }],
  ])('%s', (text, expected) => {
    expect(tested(text)).toMatchObject({ op: 'in', ...expected });
  });
});

describe('names', () => {
  test('of a device and a node that are both there are told with both readings', () => {
    const devices = new Map(KITCHEN.devices).set('kitchen.garden', { door: { type: 'boolean' } });
    const { problems } = readOne({ when: 'garden.door is open', ...DO }, { ...KITCHEN, devices });
    expect(problems).toMatchObject([{ code: 'HB302', fix: 'kitchen.garden.door', within: [0, 11] }]);
    expect(problems[0]?.suggestion).toContain('garden.door.state');
  });

  test.each([
    ['cellar.air.temperature > 5', ['cellar.air.temperature']],
    ['fridge.temperature > 5 and attic.air.temperature < 3', ['fridge.temperature', 'attic.air.temperature']],
  ])('%s waits', (text, missing) => {
    const { book, problems } = readWhen(text);
    expect(book.waiting).toEqual([{ rule: 'it', missing }]);
    expect(book.rules).toEqual([]);
    expect(problems.every(({ code, severity }) => code === 'HB303' && severity === 'note')).toBe(true);
  });

  test('that nothing has are refused when that is asked, with the nearest', () => {
    const { problems } = readOne({ when: 'lmap is on', ...DO }, { ...KITCHEN, unknown: 'refuse' });
    expect(problems).toMatchObject([{ code: 'HB303', fix: 'lamp' }]);
  });
});

const DO = { then: {} };

describe('what is wrong', () => {
  test.each([
    ['lamp is on and', 'HB304', [11, 14]],
    ['air.temperature > ', 'HB304', [16, 17]],
    ['air.temperature > 28 28', 'HB304', [21, 23]],
    ['air.temperature > 5 min', 'HB306', [18, 23]],
    ['board.uptime > 5', 'HB210', [15, 16]],
    ['board.load > 5W', 'HB306', [13, 15]],
    ['air.temperature > board.load', 'HB306', [18, 28]],
    ['air.temperature + air.humidity > 5', 'HB306', [18, 30]],
    ['cam + 1 > 5', 'HB305', [0, 3]],
    ['cam < "a"', 'HB305', [0, 9]],
    ['cam is hello', 'HB305', [7, 12]],
    ['home.mode is hom', 'HB305', [13, 16]],
    ['fan is 3', 'HB305', [7, 8]],
    ['lights is on', 'HB316', [0, 6]],
    ['button.pressed and lamp', 'HB307', [0, 14]],
    ['lamp or button.pressed', 'HB307', [8, 22]],
    ['lamp rising and pump', 'HB307', [0, 11]],
    ['sun > 5', 'HB305', [0, 3]],
    ['kitchen is gone', 'HB309', [0, 7]],
    ['lamp for 0s', 'HB308', [9, 11]],
    ['lamp for 5m', 'HB211', [9, 11]],
    ['lamp for 5°C', 'HB211', [9, 12]],
    ['avg(lamp, 1h) > 5', 'HB305', [4, 8]],
    ['avg(5, 1h) > 5', 'HB304', [0, 10]],
    ['count(button.pressed, 8d) > 5', 'HB308', [22, 24]],
    ['air.temperature > 28 hysteresis -1', 'HB305', [32, 34]],
    ['lamp is on hysteresis 1', 'HB304', [11, 21]],
    ['air.temperature in 20', 'HB304', [19, 21]],
    ['board.load % 0 = 1', 'HB309', [13, 14]],
    ['true', 'HB309', [0, 4]],
    ['lamp 🔥', 'HB304', [5, 7]],
    ['(lamp', 'HB304', [1, 5]],
    ['lamp)', 'HB304', [4, 5]],
  ])('%s: %s', (text, code, within) => {
    const { problems, rule } = readWhen(text);
    expect(problems).toMatchObject([{ code, within, path: ['rules', 'it', 'when'] }]);
    expect(rule).toBeUndefined();
  });

  test('all at once is told at once', () => {
    const { problems } = readWhen('air.temprature > 5 and lamp > 3 or soil < 3°C');
    expect(problems.map(({ code }) => code)).toEqual(['HB301', 'HB305', 'HB306']);
  });
});
