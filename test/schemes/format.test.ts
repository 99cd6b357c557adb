import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatScheme } from '../../src/schemes/format.ts';
import { loadScheme } from '../../src/schemes/load.ts';
import { textWorld } from './case-world.ts';

describe('the canonical layout', () => {
  test('has two spaces, one before a comment, one blank line at most, LF', () => {
    const text =
      '\uFEFF# home\r\n\r\n\r\n\r\ndevices:\r\n    air:    bme280     # on the wall  \r\n    soil:\r\n        kind: ads1115\r\n\r\npublish: { every: 60s,on_change: 2% }\r\n\r\n\r\n';
    expect(formatScheme(text)).toBe(
      '# home\n\ndevices:\n  air: bme280 # on the wall\n  soil:\n    kind: ads1115\n\npublish: {every: 60s, on_change: 2%}\n',
    );
  });

  test('turns leading tabs into levels', () => {
    expect(formatScheme('devices:\n\tair:\n\t\tkind: bme280\n')).toBe('devices:\n  air:\n    kind: bme280\n');
  });

  test('keeps tabs that are part of a text', () => {
    const text =
      'devices:\n  soil:\n    kind: ads1115\n    points:\n      a0:\n        about: |\n          a\n          \tb\n';
    expect(formatScheme(text)).toBe(text);
  });

  test('keeps numbers, quotes and words as they are written', () => {
    const text = 'a: 0x48\nb: "off"\nc: off\nd: 1.10\ne: 2.0V\nf: 12:30\ng: null\nh: 1e3\ni: \'x\'\n';
    expect(formatScheme(text)).toBe(text);
  });

  test.each(['', '# only a comment\n', 'a: [1\n', '- x\n', 'a: *b\n', 'a: 1\n---\nb: 2\n', 'a: !x 1\n', '\u0000\n'])(
    'does not fail on %j and settles',
    (text) => {
      const once = formatScheme(text);
      expect(formatScheme(once)).toBe(once);
    },
  );
});

const ROOT = 'test/cases/errors';

test.each(readdirSync(ROOT))('%s says the same before and after', async (name) => {
  const text = readFileSync(join(ROOT, name, 'scheme.yaml'), 'utf8');
  const once = formatScheme(text);
  expect(formatScheme(once)).toBe(once);
  const messages = async (scheme: string) =>
    (await loadScheme(textWorld(scheme))).problems
      .filter(({ code }) => code !== 'HB201' && code !== 'HB200')
      .map(({ message, suggestion }) => [message.replace(/line \d+/, ''), suggestion]);
  expect((await messages(once)).length).toBeGreaterThanOrEqual((await messages(text)).length);
});
