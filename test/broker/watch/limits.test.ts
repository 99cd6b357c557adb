import { expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../src/broker/limits.ts';
import { LIMIT_FACTS, limitText } from '../../../src/schemes/broker-limits.ts';
import { byteSizeText, parseByteSize } from '../../../src/schemes/byte-size.ts';
import { loadScheme } from '../../../src/schemes/load.ts';
import { textWorld } from '../../schemes/case-world.ts';

const load = (text: string) => loadScheme(textWorld(text));

it('every limit of the broker can be written in a scheme, and its default is allowed there', () => {
  expect(LIMIT_FACTS.map(({ name }) => name).sort()).toEqual(Object.keys(DEFAULT_LIMITS).sort());
  for (const { name, least, most } of LIMIT_FACTS) {
    expect(DEFAULT_LIMITS[name]).toBeGreaterThanOrEqual(least);
    expect(DEFAULT_LIMITS[name]).toBeLessThanOrEqual(most);
  }
});

it('a limit is read as it is shown', async () => {
  for (const fact of LIMIT_FACTS) {
    for (const value of [fact.least, fact.most, DEFAULT_LIMITS[fact.name]]) {
      const { scheme, problems } = await load(`broker: {limits: {${fact.key}: ${limitText(fact, value)}}}\n`);
      expect(problems).toEqual([]);
      expect(scheme?.broker.limits).toEqual({ [fact.name]: value });
    }
  }
});

it.each([
  ['off', 0],
  ['30s', 30_000],
  ['1min', 60_000],
])('sys: %s', async (text, sysMs) => {
  expect((await load(`broker: {sys: ${text}}\n`)).scheme?.broker).toMatchObject({ sysMs });
});

it.each([
  ['1.5MB', 1_500_000],
  ['4 MiB', 4_194_304],
  ['12B', 12],
  ['5', undefined],
  ['5m', undefined],
  ['-5MB', undefined],
])('%s is %j bytes', (text, bytes) => expect(parseByteSize(text)).toBe(bytes));

it.each([
  [4_096, '4KiB'],
  [1_500_000, '1500kB'],
  [1_000_001, '1000001B'],
])('%j bytes are %s', (bytes, text) => expect(byteSizeText(bytes)).toBe(text));
