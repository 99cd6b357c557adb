import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { escaped } from '../../tools/setup/bundle-options.mjs';

const run = (code: string): unknown => runInNewContext(escaped(code, 'x'));

it('means the same in strings, templates and patterns', () => {
  expect(escaped("'✓ °'", 'x')).toBe("'\\u2713 °'");
  expect(run("'✓ ° 😀'")).toBe('✓ ° 😀');
  expect(run('`→▲`')).toBe('→▲');
  expect(run("/^[●◌]+$/u.test('●◌')")).toBe(true);
  expect(run('/* ✓ */ 1 // ✓')).toBe(1);
});

it('refuses what an escape would change', () => {
  expect(() => escaped('const a = String.raw`✓`;', 'chunk.mjs')).toThrow('chunk.mjs');
});
