import { expect, test } from 'vitest';
import { fieldsText } from '../../src/kit/log-output.ts';

test.each([
  ['hb-kitchen', 'hb-kitchen'],
  ['two words', '"two words"'],
  ['a\u001b[2J', String.raw`"a\u001b[2J"`],
  ['a\u009b2J', String.raw`"a\u009b2J"`],
  ['a\u202eb', String.raw`"a\u202eb"`],
  ['ü°→', 'ü°→'],
])('a field of a stranger never steers the terminal: %j', (client, shown) => {
  expect(fieldsText({ client })).toBe(`  client=${shown}`);
});
