import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FILTERS } from '../../src/schemes/filter-catalog.ts';
import { parseFilter } from '../../src/schemes/filter-parse.ts';
import type { Policy } from '../../src/schemes/policy.ts';
import { mergePolicies, parsePolicy, parsePolicyPatch } from '../../src/schemes/policy-parse.ts';
import { policyText } from '../../src/schemes/policy-text.ts';
import { knownUnits } from '../../src/schemes/units.ts';

describe('what is right', () => {
  it.each<[Record<string, unknown>, Policy]>([
    [{}, {}],
    [
      { every: '60s', on_change: '2%', at_most: '2s' },
      { everyMs: 60_000, onChange: { percent: 2 }, atMostMs: 2_000 },
    ],
    [{ every: '100ms' }, { everyMs: 100 }],
    [{ every: '7d' }, { everyMs: 604_800_000 }],
    [{ on_change: 0.2 }, { onChange: { absolute: 0.2 } }],
    [{ on_change: '0.2' }, { onChange: { absolute: 0.2 } }],
    [{ on_change: '0.2°C' }, { onChange: { absolute: 0.2, unit: '°C' } }],
    [{ on_change: '0.2 degF' }, { onChange: { absolute: 0.2, unit: '°F' } }],
    [{ on_change: 'any' }, { onChange: { absolute: 0 } }],
    [{ unit: 'degF' }, { unit: '°F' }],
    [
      { round: 0, qos: 2, retain: false },
      { round: 0, qos: 2, retain: false },
    ],
    [{ retain: 'on' }, { retain: true }],
    [{ keep: 'latest' }, { keep: 'latest' }],
  ])('%j', (raw, policy) => {
    expect(parsePolicy(raw)).toEqual({ policy, problems: [] });
  });

  it('an empty place in a file sets nothing', () => {
    expect(parsePolicy(undefined)).toEqual({ policy: {}, problems: [] });
    expect(parsePolicy(null)).toEqual({ policy: {}, problems: [] });
  });

  it.each<[unknown, Policy]>([
    ['last 10', { keep: { last: 10 } }],
    [{ last: 10, ttl: '1h' }, { keep: { last: 10, ttlMs: 3_600_000 } }],
    [{ last: 5, sync: true }, { keep: { last: 5, sync: true } }],
    [{ all: true, ttl: '1d', sync: true }, { keep: { all: true, ttlMs: 86_400_000, sync: true } }],
    ['all', { keep: 'all' }],
    ['none', { keep: 'none' }],
  ])('keep: %j, and back', (keep, policy) => {
    expect(parsePolicy({ keep })).toEqual({ policy, problems: [] });
    expect(policyText(policy)).toEqual({ keep });
  });

  it.each([{ all: false }, { all: true, last: 5 }, { last: 5, sync: 'yes' }, { last: 5, more: 1 }])(
    'keep: %j is refused',
    (keep) => {
      expect(parsePolicy({ keep }).problems).toMatchObject([{ path: ['keep'], code: 'HB206' }]);
    },
  );
});

describe('what is wrong', () => {
  it.each<[Record<string, unknown>, string, string | undefined]>([
    [{ every: 5 }, 'HB210', 'every: 5s'],
    [{ every: -1 }, 'HB240', 'every: 100ms'],
    [{ every: '0s' }, 'HB240', 'every: 100ms'],
    [{ every: '-5s' }, 'HB240', 'every: 100ms'],
    [{ every: '8d' }, 'HB240', 'every: 7d'],
    [{ every: '99ms' }, 'HB240', 'every: 100ms'],
    [{ every: 'fast' }, 'HB212', 'every: 5s'],
    [{ every: '5m' }, 'HB211', 'every: 5min'],
    [{ every: null }, 'HB205', undefined],
    [{ at_most: '1ms' }, 'HB240', 'at_most: 10ms'],
    [{ on_change: -1 }, 'HB240', 'on_change: 1'],
    [{ on_change: '2000%' }, 'HB240', 'on_change: 1000%'],
    [{ on_change: true }, 'HB212', 'on_change: 2%'],
    [{ on_change: 'much' }, 'HB212', 'on_change: 2%'],
    [{ on_change: '0.2 Celcius' }, 'HB211', 'on_change: 0.2°C'],
    [{ on_change: Number.NaN }, 'HB212', 'on_change: 2%'],
    [{ unit: 'Celcius' }, 'HB211', 'unit: "°C"'],
    [{ unit: 5 }, 'HB211', undefined],
    [{ round: 1.5 }, 'HB240', 'round: 2'],
    [{ round: 11 }, 'HB240', 'round: 10'],
    [{ round: 'two' }, 'HB205', 'round: 1'],
    [{ qos: 3 }, 'HB206', 'qos: 1'],
    [{ qos: '1' }, 'HB206', 'qos: 1'],
    [{ retain: 'maybe' }, 'HB206', 'retain: on'],
    [{ retain: 'constructor' }, 'HB206', 'retain: on'],
    [JSON.parse('{"__proto__": {}}'), 'HB204', undefined],
    [{ keep: 'some' }, 'HB206', 'keep: latest'],
    [{ keep: { last: 0 } }, 'HB240', 'keep: {last: 10}'],
    [{ keep: { last: 5, ttl: 60 } }, 'HB210', 'keep: {last: 5, ttl: 60s}'],
    [{ keep: { last: 5, age: '1h' } }, 'HB206', 'keep: {last: 10, ttl: 1h}'],
    [{ interval: '5s' }, 'HB204', 'every: 5s'],
    [{ intervall: '5s' }, 'HB204', 'every: 5s'],
    [{ evry: '5s' }, 'HB204', 'every: 5s'],
    [{ delta: 1 }, 'HB204', 'on_change: 1'],
    [{ throttle: '5s' }, 'HB204', 'at_most: 5s'],
    [{ 'on-change': '2%' }, 'HB204', 'on_change: 2%'],
    [{ banana: 1 }, 'HB204', undefined],
    [{ toString: 1 }, 'HB204', undefined],
  ])('%j is %s', (raw, code, fix) => {
    const { policy, problems } = parsePolicy(raw);
    expect(policy).toEqual({});
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ path: [Object.keys(raw)[0]], code });
    if (fix !== undefined) expect(problems[0]?.fix).toBe(fix);
    expect(problems[0]?.suggestion ?? '').not.toBe('');
  });

  it('asks which unit was meant', () => {
    expect(parsePolicy({ every: 5 }).problems[0]).toMatchObject({ suggestion: '5s or 5min?' });
  });

  it('puts the caret under an unknown key', () => {
    expect(parsePolicy({ evry: '5s' }).problems[0]).toMatchObject({ onKey: true, path: ['evry'] });
  });

  it.each([['60s'], [5], [[]], [true]])('%j is no policy', (raw) => {
    expect(parsePolicy(raw).problems[0]).toMatchObject({ path: [], code: 'HB205', fix: 'publish: {every: 60s}' });
  });

  it('warns of a cap that is longer than the heartbeat, and takes it', () => {
    const { policy, problems } = parsePolicy({ every: '2s', at_most: '5s' });
    expect(policy).toEqual({ everyMs: 2_000, atMostMs: 5_000 });
    expect(problems).toMatchObject([{ path: ['at_most'], code: 'HB241', severity: 'warning', fix: 'at_most: 2s' }]);
  });

  it('says where in a chain a filter is wrong', () => {
    const { policy, problems } = parsePolicy({ filter: ['median 5', 'medain 5'], round: 1 });
    expect(policy).toEqual({ round: 1 });
    expect(problems).toMatchObject([{ path: ['filter', 1], code: 'HB243', fix: 'median 5' }]);
  });

  it('finds all in one pass', () => {
    const { problems } = parsePolicy({ every: 5, qos: 9, evry: 1, round: 1 });
    expect(problems.map(({ code }) => code)).toEqual(['HB210', 'HB206', 'HB204']);
  });

  it('a bomb gets a short answer', () => {
    const long = 'x'.repeat(1_000_000);
    const keys = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`key${index}`, index]));
    const bombs: readonly unknown[] = [
      keys,
      { [long]: 1 },
      { every: long },
      { every: `5${long}` },
      { on_change: `5${long}` },
      { unit: long },
      { keep: long },
      { filter: long },
      { filter: `${'median'.repeat(500)} 5` },
      { filter: [`median ${'9'.repeat(3_000)}`] },
      { filter: `timeout 5s ${'{a: '.repeat(900)}` },
      { filter: { map: Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [index, index])) } },
      { filter: { filter_out: Array.from({ length: 100_000 }, (_, index) => index) } },
    ];
    for (const bomb of bombs) {
      const { problems } = parsePolicy(bomb);
      expect(problems).toHaveLength(1);
      const { message, suggestion = '', fix = '' } = problems[0] ?? { message: long };
      expect(`${message}${suggestion}${fix}`.length).toBeLessThan(400);
    }
  });

  it('never throws', () => {
    const key = fc.constantFrom(
      'every',
      'on_change',
      'at_most',
      'filter',
      'unit',
      'round',
      'retain',
      'qos',
      'keep',
      'history',
      'x',
    );
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.dictionary(key, fc.anything())), (raw) => {
        for (const { code } of [...parsePolicy(raw).problems, ...parsePolicyPatch(raw).problems]) {
          expect(code).toMatch(/^HB2\d\d$/);
        }
      }),
    );
  });
});

describe('text', () => {
  const ms = (min: number) => fc.integer({ min, max: 604_800_000 });
  const amount = fc.double({ min: 0, max: 1e6, noNaN: true }).map((value) => value + 0);
  const steps = Object.values(FILTERS).map(({ example }) => parseFilter(example));
  const step = fc.constantFrom(...steps.flatMap((one) => ('code' in one ? [] : [one])));
  const policy: fc.Arbitrary<Policy> = fc.record(
    {
      everyMs: ms(100),
      onChange: fc.oneof(
        fc.record({ absolute: amount }),
        fc.record({ absolute: amount, unit: fc.constantFrom(...knownUnits().keys()).filter((unit) => unit !== '%') }),
        fc.record({ percent: fc.integer({ min: 0, max: 1_000 }) }),
      ),
      atMostMs: ms(10),
      filter: fc.array(step, { maxLength: 5 }),
      unit: fc.constantFrom(...knownUnits().keys()),
      round: fc.integer({ min: 0, max: 10 }),
      retain: fc.boolean(),
      qos: fc.constantFrom(0, 1, 2),
      keep: fc.oneof(
        fc.constantFrom('latest', 'all', 'none'),
        fc.record({ last: fc.integer({ min: 1, max: 1_000 }) }),
        fc.record({ last: fc.integer({ min: 1, max: 1_000 }), ttlMs: ms(1_000) }),
      ),
    },
    { requiredKeys: [] },
  );

  it('reads as the policy again', () => {
    fc.assert(
      fc.property(policy, (one) => {
        const text: unknown = JSON.parse(JSON.stringify(policyText(one)));
        const { policy: again, problems } = parsePolicy(text);
        expect(again).toEqual(one);
        expect(problems.filter(({ severity = 'error' }) => severity === 'error')).toEqual([]);
      }),
    );
  });

  it('is as a person would write it', () => {
    const { policy: parsed } = parsePolicy({ every: '2000ms', on_change: '2 %', filter: 'median 5' });
    expect(JSON.stringify(policyText(parsed))).toBe('{"every":"2s","on_change":"2%","filter":["median 5"]}');
  });
});

describe('patches', () => {
  it('sets and takes back', () => {
    expect(parsePolicyPatch({ every: '2000ms', on_change: null })).toEqual({
      set: { every: '2s' },
      unset: ['on_change'],
      problems: [],
    });
  });

  it.each<[unknown, string]>([
    [{ every: -1 }, 'HB240'],
    [{ every: 5 }, 'HB210'],
    [{ evry: null }, 'HB204'],
    ['2s', 'HB205'],
    [null, 'HB205'],
  ])('%j is refused with %s', (raw, code) => {
    const { set, unset, problems } = parsePolicyPatch(raw);
    expect({ set, unset }).toEqual({ set: {}, unset: [] });
    expect(problems).toMatchObject([{ code }]);
  });
});

describe('layers', () => {
  it('the nearest that has a key wins', () => {
    const merged = mergePolicies([
      { origin: 'default', text: { every: '60s', qos: 0, retain: true } },
      { origin: 'node', text: { every: '5min', on_change: '2%', filter: ['median 5', 'round 1'] } },
      { origin: 'device', text: { on_change: 1 } },
      { origin: 'point', text: { filter: 'mean 3' } },
      { origin: 'run time', text: { every: '2s' } },
    ]);
    expect(merged.text).toEqual({ every: '2s', on_change: 1, filter: ['mean 3'], retain: true, qos: 0 });
    expect(merged.origin).toEqual({
      every: 'run time',
      on_change: 'device',
      filter: 'point',
      retain: 'default',
      qos: 'default',
    });
    expect(merged.policy).toMatchObject({ everyMs: 2_000, onChange: { absolute: 1 } });
  });

  it('a wrong key does not hide a right one', () => {
    const merged = mergePolicies([
      { origin: 'node', text: { every: '60s' } },
      { origin: 'point', text: { every: 5 } },
    ]);
    expect(merged).toEqual({ policy: { everyMs: 60_000 }, text: { every: '1min' }, origin: { every: 'node' } });
  });
});
