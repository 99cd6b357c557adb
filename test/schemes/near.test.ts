import { expect, test } from 'vitest';
import { article, listed, nearest } from '../../src/schemes/near.ts';

const KEYS = ['at', 'kind', 'points', 'publish', 'max_on'];
const POLICY = ['every', 'on_change', 'at_most', 'filter', 'unit', 'round'];

test.each([
  ['type', KEYS, 'kind'],
  ['driver', KEYS, 'kind'],
  ['pin', KEYS, 'at'],
  ['Kind', KEYS, 'kind'],
  ['max-on', KEYS, 'max_on'],
  ['maxOn', KEYS, 'max_on'],
  ['pionts', KEYS, 'points'],
  ['pubish', KEYS, 'publish'],
  ['interval', POLICY, 'every'],
  ['evrey', POLICY, 'every'],
  ['on_chnage', POLICY, 'on_change'],
  ['deadband', POLICY, 'on_change'],
  ['decimals', POLICY, 'round'],
  ['temp', ['temperature', 'humidity'], 'temperature'],
  ['bme820', ['bme280', 'bmp280', 'ads1115'], 'bme280'],
])('%s means %s', (word, candidates, meant) => {
  expect(nearest(word, candidates)).toBe(meant);
});

test.each(['', 'x', 'a', 'zzzzzz', 'constructor', '__proto__', 'toString'])('%j means nothing here', (word) => {
  expect(nearest(word, KEYS)).toBeUndefined();
});

test('a long list is cut', () => {
  expect(listed(['a', 'b', 'c'], 2)).toBe('a, b and 1 more');
  expect(listed(['a', 'b'], 2)).toBe('a, b');
  expect([article('ads1115'), article('relay')]).toEqual(['an ads1115', 'a relay']);
});
