import { expect, test } from 'vitest';
import { jsonIn } from '../../src/schemes/json-text.ts';
import { pairText, shortValue } from '../../src/schemes/yaml-value.ts';

test('what is nested so deep that walking through it overflows the stack is no JSON', () => {
  expect(jsonIn(`${'['.repeat(64)}1${']'.repeat(64)}`)).toBeDefined();
  expect(jsonIn(`${'['.repeat(65)}1${']'.repeat(65)}`)).toBeUndefined();
  expect(jsonIn(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`)).toBeUndefined();
});

test('a text of a megabyte is shortened without looking at all of it', () => {
  const hostile = '://a:'.repeat(200_000);
  expect(shortValue(hostile)).toBe(`"${'://a:'.repeat(8).slice(0, 38)}…`);
  expect(shortValue(' '.repeat(1_000_000)).length).toBeLessThanOrEqual(40);
});

test('logins are hidden, also in a long text that looks like many of them', () => {
  expect(pairText('url', 'mqtt://ann:secret@host')).toBe('url: mqtt://ann:…@host');
  expect(pairText('url', '://a:'.repeat(12_000))).toBe('url:');
});
