import { expect, test } from 'vitest';
import { secretsIn } from '../../src/schemes/secrets-text.ts';

test('a secrets file is read as a shell would', () => {
  const text = `# who may post\nTS_KEY=abc\nexport MAIL="two words"\n  WIFI='it is "x"'\nEMPTY=\nlower=no\nODD="half\n`;
  expect(secretsIn(text)).toEqual({ TS_KEY: 'abc', MAIL: 'two words', WIFI: 'it is "x"', EMPTY: '', ODD: '"half' });
});
