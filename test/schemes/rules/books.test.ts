import { describe, expect, test } from 'vitest';
import { homeWithGiven } from '../../../src/schemes/rules/given-points.ts';
import { readRules } from '../../../src/schemes/rules/read-rules.ts';
import type { RulesText } from '../../../src/schemes/rules/rules-text.ts';
import { HOME_TEXT, KITCHEN, readOne } from '../../fakes/home-points.ts';

const read = (text: Partial<RulesText>) =>
  readRules({ ...HOME_TEXT, groups: {}, scenes: {}, home: {}, ...text }, KITCHEN);
const codes = (text: Partial<RulesText>) => read(text).problems.map(({ code, path }) => [code, path.join('.')]);

describe('variables of the home', () => {
  test('have the type of what is said about them', () => {
    const home = {
      mode: { values: ['home', 'away'], initial: 'home' },
      level: { type: 'number', unit: 'degC', initial: '68°F' },
      quiet: { initial: 'off' },
      note: {},
      visits: { counter: 'button.pressed', reset: 'daily' },
      hot: { counter: 'air.temperature > 30°C for 1min', reset: 'monthly' },
      later: { counter: 'cellar.bell.pressed' },
    };
    const { book, problems } = read({ home });
    expect(problems.map(({ severity, code }) => [severity, code])).toEqual([['note', 'HB303']]);
    expect(book.variables).toMatchObject([
      { name: 'mode', type: 'enum', values: ['home', 'away'], initial: 'home' },
      { name: 'level', type: 'number', unit: '°C', initial: 20 },
      { name: 'quiet', type: 'boolean', initial: false },
      { name: 'note', type: 'text' },
      { name: 'visits', type: 'number', initial: 0, reset: 'daily', counter: { on: 'event' } },
      { name: 'hot', counter: { on: 'test', test: { op: 'for' } } },
      { name: 'later', initial: 0 },
    ]);
    expect(book.variables[6]?.counter).toBeUndefined();
  });

  test.each([
    [{ mode: ['home', 'away'] }, 'HB205', 'home.mode'],
    [{ mode: { values: ['a', 'a'] } }, 'HB315', 'home.mode.values'],
    [{ mode: { values: ['a', 'b'], type: 'number' } }, 'HB315', 'home.mode.type'],
    [{ mode: { values: ['a', 'b'], initial: 'c' } }, 'HB311', 'home.mode.initial'],
    [{ mode: { type: 'enum' } }, 'HB315', 'home.mode.type'],
    [{ level: { type: 'text', unit: '°C' } }, 'HB315', 'home.level.unit'],
    [{ level: { unit: 'foo' } }, 'HB315', 'home.level.unit'],
    [{ level: { initial: 5, reset: 'daily' } }, 'HB315', 'home.level.reset'],
    [{ level: { unit: '°C', initial: '5%' } }, 'HB306', 'home.level.initial'],
    [{ n: { counter: 'button.presed' } }, 'HB301', 'home.n.counter'],
    [{ n: { counter: 'start', values: ['a', 'b'] } }, 'HB315', 'home.n.counter'],
    [{ 'Big-One': {} }, 'HB230', 'home.Big-One'],
  ])('%j: %s', (home, code, path) => {
    expect(codes({ home })).toEqual([[code, path]]);
  });
});

describe('groups and scenes', () => {
  test.each([
    [{ groups: { all: ['lamp', 'fan'] } }, 'HB316', 'groups.all.1'],
    [{ groups: { all: ['air.humidity'] } }, 'HB310', 'groups.all.0'],
    [{ groups: { all: ['mail'] } }, 'HB316', 'groups.all.0'],
    [{ groups: { all: 'lamp pump' } }, 'HB205', 'groups.all'],
    [{ groups: { all: [] } }, 'HB316', 'groups.all'],
    [{ groups: { all: [5] } }, 'HB205', 'groups.all.0'],
    [{ groups: { lamp: ['lamp'] } }, 'HB316', 'groups.lamp'],
    [{ scenes: { one: { scene: 'one' } } }, 'HB316', 'scenes.one'],
    [{ scenes: { one: { lamp: 'onn' } } }, 'HB311', 'scenes.one.lamp'],
    [{ scenes: { One: {} } }, 'HB230', 'scenes.One'],
  ])('%j: %s', (text, code, path) => {
    expect(codes(text)).toEqual([[code, path]]);
  });

  test('do what can be done while a member is still to come', () => {
    const { book } = read({ groups: { all: ['lamp', 'porch'] }, scenes: { one: { lamp: 'on', porch: 'on' } } });
    expect(book.groups).toEqual([{ name: 'all', members: ['kitchen.lamp.state'] }]);
    expect(book.scenes[0]?.steps).toMatchObject([{ branches: [[{ targets: ['kitchen.lamp.state'] }], []] }]);
  });
});

describe('tests of a rule', () => {
  const tests = (...list: unknown[]) =>
    readOne({ when: 'soil < 30 for 10min', then: { pump: 'on for 20s' }, tests: list });

  test('give and expect by full names', () => {
    const { book, problems } = tests(
      {
        given: { soil: '20 for 11min', time: '12:00', date: '2026-03-29' },
        after: '5s',
        expect: { pump: 'on for 20s' },
      },
      { given: [{ soil: 40, lamp: 'on' }, { soil: 'gone for 1h' }, { 'a/b': { x: 1 } }], expect: {} },
      {
        given: { soil: 20 },
        expect: [{ mail: 'any' }, { lights: 'off' }, { scene: 'evening' }, { 'rules.it': 'off' }, { 'a/b': 'x' }],
      },
    );
    expect(problems).toEqual([]);
    const [first, second, third] = book.tests;
    expect(first).toEqual({
      rule: 'it',
      given: [{ values: new Map([['kitchen.soil.moisture', 20]]), forMs: 660_000 }],
      timeMs: 43_200_000,
      date: '2026-03-29',
      afterMs: 5_000,
      expect: [{ target: 'kitchen.pump.state', value: true, forMs: 20_000 }],
    });
    expect(second?.given.map(({ values, forMs }) => [...values, forMs])).toEqual([
      [['kitchen.soil.moisture', 40], ['kitchen.lamp.state', true], 0],
      [['kitchen.soil.moisture', undefined], 3_600_000],
      [['topic:a/b', '{"x":1}'], 0],
    ]);
    expect(third?.expect).toEqual([
      { target: 'service:mail' },
      { target: 'kitchen.lamp.state', value: false },
      { target: 'kitchen.pump.state', value: false },
      { target: 'scene:evening' },
      { target: 'rule:it', value: false },
      { target: 'topic:a/b', value: 'x' },
    ]);
  });

  test.each([
    [{ given: { soil: 20 } }, 'HB207'],
    [{ given: { soyl: 20 }, expect: {} }, undefined],
    [{ given: { 'soil.moist': 20 }, expect: {} }, 'HB301'],
    [{ given: { soil: '20°C' }, expect: {} }, 'HB306'],
    [{ given: { soil: { a: 1 } }, expect: {} }, 'HB318'],
    [{ given: { soil: 20, time: '25:00' }, expect: {} }, 'HB308'],
    [{ given: { soil: 20, date: 'today' }, expect: {} }, 'HB318'],
    [{ given: { soil: 20, date: '2026-13-45' }, expect: {} }, 'HB318'],
    [{ given: { soil: '20 for 5' }, expect: {} }, 'HB210'],
    [{ given: { soil: 20 }, expect: 'nothing' }, 'HB318'],
    [{ given: { soil: 20 }, expect: { pump: 'toggle' } }, 'HB318'],
    [{ given: { soil: 20 }, expect: { soil: 5 } }, 'HB310'],
    [{ given: { soil: 20 }, after: 5, expect: {} }, 'HB210'],
    [{ given: { soil: 20 }, expct: {} }, 'HB204'],
  ])('%j: %s', (raw, code) => {
    expect(tests(raw).problems.filter(({ severity }) => severity !== 'note')[0]?.code).toBe(code);
  });

  test('tell of points of other nodes that nobody has seen', () => {
    const rule = {
      when: 'attic.door is open and attic.air.temperature > 8°C',
      then: { 'attic.siren': 'on' },
      tests: [{ given: { 'attic.door': 'open', 'attic.air.temperature': '50°F' }, expect: { 'attic.siren': 'on' } }],
    };
    const text = { ...HOME_TEXT, rules: { it: rule } };
    expect(readRules(text, KITCHEN).book.waiting).toHaveLength(1);
    const { book, problems } = readRules(text, homeWithGiven(text, KITCHEN));
    expect(problems).toEqual([]);
    expect(book.rules[0]?.reads).toEqual(['attic.air.temperature', 'attic.door.state']);
    expect(book.tests[0]?.expect).toEqual([{ target: 'attic.siren.state', value: true }]);
  });
});

describe('circles of rules', () => {
  const loops = (rules: Record<string, unknown>, scenes = {}) =>
    readRules({ ...HOME_TEXT, rules, scenes }, KITCHEN).problems.map(({ code, path, message }) => [
      code,
      path[1],
      message,
    ]);
  const DO = (when: string, then: unknown, otherwise?: unknown) =>
    otherwise === undefined ? { when, then } : { when, then, else: otherwise };
  const A = DO('lamp is on', { pump: 'on' }, { pump: 'off' });
  const B = DO('pump is on', { lamp: 'off' }, { lamp: 'on' });

  test('that nothing ends are errors', () => {
    expect(loops({ a: A, b: B })).toEqual([['HB320', 'b', 'Rules a and b feed each other, by pump, lamp']]);
    expect(loops({ a: DO('lamp changed', { lamp: 'toggle' }) })[0]?.[0]).toBe('HB321');
    expect(loops({ a: DO('message "x/#"', { publish: { topic: 'x/y', value: 1 } }) })[0]?.slice(0, 2)).toEqual([
      'HB320',
      'a',
    ]);
  });

  test('are found through scenes and groups, and over three rules', () => {
    const scenes = { dark: { lamp: 'off' } };
    expect(loops({ a: A, b: DO('pump is on', { scene: 'dark' }, { lights: 'on' }) }, scenes)[0]?.[0]).toMatch('HB32');
    const c = DO('garden.pump is on', { lamp: 'off' }, { lamp: 'on' });
    expect(loops({ a: A, b: DO('pump is on', { 'garden.pump': 'on' }, { 'garden.pump': 'off' }), c })[0]?.[2]).toMatch(
      'Rules a, b and c',
    );
  });

  test.each([
    ['with a cooldown', { a: { ...A, cooldown: '10s' }, b: B }],
    ['with an if', { a: { ...A, if: 'home.mode is home' }, b: B }],
    ['with a for', { a: DO('lamp is on for 1s', { pump: 'on' }, { pump: 'off' }), b: B }],
    ['by a value that is worked out', { a: DO('home.count changed', { 'home.count': '= home.count + 1' }) }],
  ])('%s are warnings', (_name, rules) => {
    expect(loops(rules).map(([code]) => code)).toEqual(['HB321']);
  });

  test.each([
    ['a rule that makes its own condition false', { a: DO('lamp is on for 10min', { lamp: 'off' }) }],
    ['a rule that sets what it asks for', { a: DO('lamp is on', { lamp: 'on' }) }],
    ['a timed set', { a: DO('pump is on', { pump: 'on for 20s' }) }],
    ['two rules that agree', { a: DO('lamp is on', { pump: 'on' }), b: DO('pump is on', { lamp: 'on' }) }],
    ['half a circle', { a: DO('lamp is on', { pump: 'on' }), b: DO('pump is on', { lamp: 'off' }) }],
    ['a counter of events', { a: DO('button.pressed', { 'home.count': '= home.count + 1' }) }],
    ['a bridge between two topics', { a: DO('message "in/+"', { publish: { topic: 'out/x', value: 1 } }) }],
    ['a thermostat', { a: DO('air.temperature < 20 hysteresis 1°C', { pump: 'on' }, { pump: 'off' }) }],
  ])('%s is none', (_name, rules) => {
    expect(loops(rules)).toEqual([]);
  });

  test('are looked for in a thousand rules at once', () => {
    const rules = Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`r${at}`, at % 2 === 0 ? A : B]));
    const before = performance.now();
    expect(loops(rules)).toHaveLength(1);
    expect(performance.now() - before).toBeLessThan(20_000);
  });
});

test('a rule about a point that its device lost waits for it, beside the error', () => {
  const { book, problems } = readOne({ when: 'air.pressure > 1000', then: { pump: 'on' } });
  expect(problems).toMatchObject([{ code: 'HB301' }]);
  expect(book.rules).toEqual([]);
  expect(book.waiting).toEqual([{ rule: 'it', missing: ['air.pressure'] }]);
});

test('a device that has not told its points yet is waited for', () => {
  const devices = new Map(KITCHEN.devices).set('garden.gate', {});
  const { book } = readOne({ when: 'garden.gate is open', then: { 'garden.gate': 'off' } }, { ...KITCHEN, devices });
  expect(book.waiting).toEqual([{ rule: 'it', missing: ['garden.gate'] }]);
});
