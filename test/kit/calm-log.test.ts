import { expect, test } from 'vitest';
import { makeCalmWriter } from '../../src/kit/calm-log.ts';
import type { LogLine } from '../../src/kit/log.ts';

function setUp() {
  const lines: LogLine[] = [];
  const write = makeCalmWriter((line) => void lines.push(line));
  const say = (time: number, more: Partial<LogLine> = {}) =>
    write({ time, level: 'warn', text: 'a command was refused', fields: {}, ...more });
  return { lines, say };
}

test('of one text 30 lines a minute are written, then one that says so, then how many were left out', () => {
  const { lines, say } = setUp();
  for (let count = 0; count < 10_000; count += 1) say(count, { fields: { by: `mqtt:c${count}` } });
  expect(lines).toHaveLength(31);
  expect(lines[30]).toMatchObject({
    ...{ level: 'warn', text: 'more lines like the last one are left out for a minute' },
    fields: { like: 'a command was refused' },
  });
  say(60_000, { fields: { by: 'ann' } });
  expect(lines.at(-1)).toMatchObject({ text: 'a command was refused', fields: { by: 'ann', leftOut: 9_970 } });
  say(60_001);
  expect(lines.at(-1)?.fields).toEqual({});
});

test('other texts, other devices and debug lines are not held back', () => {
  const { lines, say } = setUp();
  for (let count = 0; count < 40; count += 1) say(0);
  say(0, { text: 'a device is lost', fields: { device: 'air' } });
  for (let count = 0; count < 40; count += 1) say(0, { text: 'a device is lost', fields: { device: `air${count}` } });
  for (let count = 0; count < 40; count += 1) say(0, { level: 'debug' });
  expect(lines).toHaveLength(31 + 1 + 40 + 40);
});

test('a clock that is set back begins a new minute', () => {
  const { lines, say } = setUp();
  for (let count = 0; count < 40; count += 1) say(1e12);
  say(5);
  expect(lines.at(-1)).toMatchObject({ time: 5, fields: { leftOut: 10 } });
});
