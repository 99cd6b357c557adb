import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatScheme } from '../../src/schemes/format.ts';
import { loadScheme } from '../../src/schemes/load.ts';
import { problemsText } from '../../src/schemes/problem-text.ts';
import { textWorld } from './case-world.ts';

const VALID = `# the kitchen
node: {name: kitchen, area: "Ground floor"}
publish: {every: 60s, on_change: 2%, at_most: 2s}
devices:
  air: bme280   # on the wall
  soil:
    kind: ads1115
    at: i2c-1:0x48
    gain: 2V
    points:
      a0: {name: moisture, unit: "%", scale: {2.6V: 0, 1.2V: 100}, filter: [median 5, clamp 0..100], round: 0}
      a1:
        about: 'the other end'
        publish: {on_change: 0.1V}
  pump: {kind: relay, at: gpio17, safe: off, max_on: 1min, group: [fan]}
  cpu: {publish: {every: 2s}}
rules:
  water:
    when: soil.moisture < 30 for 10min
    then: {pump: on for 20s}
broker: {listen: 1883, engine: {url: "mqtt://10.0.0.2:1883", user: ann, password: $ENGINE}}
include: []
`;

const PIECES = [
  ...[
    '\t',
    ' ',
    '\n',
    ':',
    ': ',
    '- ',
    '{',
    '}',
    '[',
    ']',
    ',',
    '"',
    "'",
    '#',
    '&a ',
    '*a',
    '!x ',
    '|',
    '>',
    '?',
    '---\n',
  ],
  ...[
    '<<: ',
    '%',
    '@',
    '`',
    '\\',
    '\0',
    '\uFFFD',
    '\uFEFF',
    '\r',
    'é',
    '湿',
    '🌱',
    '\u202e',
    '0',
    '-1',
    '.nan',
    '1e999',
  ],
  ...['null', 'true', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'kind: ', 'at: pin 11', 'every: 60'],
];

interface Change {
  readonly at: number;
  readonly cut: number;
  readonly put: string;
}

const change = fc.record<Change>({
  at: fc.nat(VALID.length),
  cut: fc.oneof(fc.constant(0), fc.nat(40)),
  put: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 8, unit: 'binary' })),
});

const mutated = fc
  .array(change, { minLength: 1, maxLength: 5 })
  .map((changes) => changes.reduce((text, { at, cut, put }) => text.slice(0, at) + put + text.slice(at + cut), VALID));

const load = (text: string) => loadScheme(textWorld(text, { ENGINE: 'x' }));

test('the scheme that is mutated is valid', async () => {
  expect((await load(VALID)).scheme).toBeDefined();
});

test('no mutation of a scheme throws; every problem is at a place in the file', async () => {
  await fc.assert(
    fc.asyncProperty(mutated, async (text) => {
      const { problems, scheme } = await load(text);
      const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
      for (const { place } of problems) {
        expect(place?.line).toBeGreaterThanOrEqual(1);
        expect(place?.line).toBeLessThanOrEqual(lines.length);
        expect(place?.column).toBeLessThanOrEqual((lines[(place?.line ?? 1) - 1]?.length ?? 0) + 1);
      }
      expect(scheme === undefined).toBe(problems.some(({ severity }) => severity === 'error'));
      // Nothing of a hostile file may steer the terminal.
      expect(problemsText(problems, { colour: false })).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
    }),
    { numRuns: 500 },
  );
});

test('any YAML value anywhere in a scheme is judged without an exception', async () => {
  const value = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom('constructor', '__proto__', 'toString', 1e308));
  const key = fc.constantFrom(
    'node',
    'publish',
    'devices',
    'broker',
    'rules',
    'bridges',
    'home',
    'include',
    'state',
    'x',
  );
  const device = fc.dictionary(
    fc.constantFrom('kind', 'at', 'points', 'publish', 'gain', 'constructor', 'name'),
    value,
  );
  const scheme = fc.oneof(
    fc.dictionary(key, value),
    fc.record({ devices: fc.dictionary(fc.constantFrom('air', 'toString', '__proto__'), fc.oneof(device, value)) }),
    fc.record({
      devices: fc.record({
        soil: fc.record({
          kind: fc.constant('ads1115'),
          points: fc.dictionary(fc.constantFrom('a0', 'constructor'), value),
        }),
      }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(scheme, async (data) => {
      const { problems } = await load(JSON.stringify(data));
      for (const { place } of problems) expect(place?.line).toBe(1);
    }),
    { numRuns: 300 },
  );
});

test('formatting a mutated scheme never throws and settles', () => {
  fc.assert(
    fc.property(mutated, (text) => {
      const once = formatScheme(text);
      expect(formatScheme(once)).toBe(once);
    }),
    { numRuns: 300 },
  );
});
