import { expect, test } from 'vitest';
import { SharedCode } from '../../src/rules/shared-code.ts';
import { above, value } from './world.ts';

const V = { op: 'message', path: ['v'] };

test.each([
  ['a test of the message', { op: '>', left: V, right: value(5) }, true],
  ['a test of a point', above('a.t.v', 5), false],
  ['one that remembers', { op: '>', left: V, right: value(5), hysteresis: 1 }, false],
  ['one of the time', { op: '<', left: { op: 'time' }, right: value(5) }, false],
  ['a toggle inside', { form: 'value', value: { from: 'toggle' } }, false],
  ['a number that JSON does not know', { op: '>', left: V, right: value(Number.POSITIVE_INFINITY) }, false],
  ['text with the message in it', { form: 'value', value: { from: 'text', template: ['v is ', { term: V }] } }, true],
])('%s is shared: %j %s', (_, source, isShared) => {
  const code = new SharedCode<object>();
  const first = code.take(structuredClone(source), () => ({}));
  expect(code.take(structuredClone(source), () => ({})) === first).toBe(isShared);
});

test('what differs is not shared', () => {
  const code = new SharedCode<number>();
  const said = [5, 6, '5'].map((bound) => code.take({ op: '>', left: V, right: value(bound) }, () => Math.random()));
  expect(new Set(said).size).toBe(3);
});
