import { expect, it } from 'vitest';
import { escaped } from '../../tools/setup/bundle-options.mjs';

const run = (code: string): unknown => new Function(escaped(code, 'x'))();

it('means the same in strings, templates and patterns', () => {
  expect(escaped("'✓ °'", 'x')).toBe("'\\u2713 °'");
  expect(run("return '✓ ° 😀'")).toBe('✓ ° 😀');
  expect(run('return `→▲`')).toBe('→▲');
  expect(run("return /^[●◌]+$/u.test('●◌')")).toBe(true);
  expect(run('/* ✓ */ return 1 // ✓')).toBe(1);
});

it('refuses what an escape would change', () => {
  expect(() => escaped('const a = String.raw`✓`;', 'chunk.mjs')).toThrow('chunk.mjs');
});
