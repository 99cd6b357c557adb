import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { Ran } from './world.ts';

const UPDATE = process.env.UPDATE_GOLDEN === '1';

/** Compares all that a command said with `golden/<name>.txt`. `UPDATE_GOLDEN=1` writes the file; then read it. */
export async function expectGolden(name: string, argv: readonly string[], { code, out, err }: Ran): Promise<void> {
  const path = fileURLToPath(new URL(`./golden/${name}.txt`, import.meta.url));
  const parts = [`$ hanbus ${argv.join(' ')}`.trimEnd(), out.trimEnd()];
  if (err !== '') parts.push('--- standard error', err.trimEnd());
  const text = `${[...parts, `--- exit ${code}`].filter((part) => part !== '').join('\n')}\n`;
  if (UPDATE) await writeFile(path, text);
  expect(text).toBe(await readFile(path, 'utf8'));
}
