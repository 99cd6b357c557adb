import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { explain } from '../../src/schemes/codes.ts';
import { formatScheme } from '../../src/schemes/format.ts';
import { loadScheme } from '../../src/schemes/load.ts';
import type { Problem } from '../../src/schemes/problem.ts';
import { problemsText } from '../../src/schemes/problem-text.ts';
import { caseWorld } from './case-world.ts';

const ROOT = 'test/cases/errors';
const names = readdirSync(ROOT).sort();

/**
 * A case is a folder: scheme.yaml (and included files), expected.txt, and where one fix is right a `fixed` folder with the
 * mended scheme, or fix.txt with the command that mends it.
 */
const read = (name: string, file: string) => readFileSync(join(ROOT, name, file), 'utf8');
const load = (name: string, folder = '.') => loadScheme(caseWorld(join(ROOT, name, folder)));
const plain = (text: string) => text.replaceAll(/[\s"']+/g, '');

/** True when following the first fix leads to the mended scheme, and that has no error. */
async function isRight(name: string, problems: readonly Problem[]): Promise<boolean> {
  const fixes = problems.flatMap(({ fix }) => (fix === undefined ? [] : [fix]));
  if (existsSync(join(ROOT, name, 'fix.txt'))) {
    if (fixes[0] !== read(name, 'fix.txt').trim()) return false;
    const loaded = await loadScheme({
      ...caseWorld(join(ROOT, name)),
      readText: async () => mended(name, fixes[0] ?? ''),
    });
    return loaded.scheme !== undefined;
  }
  if (!existsSync(join(ROOT, name, 'fixed'))) return false;
  const { scheme, files } = await load(name, 'fixed');
  const text = plain(files.map((file) => read(name, join('fixed', file))).join('\n'));
  return (
    scheme !== undefined && fixes.length > 0 && fixes.every((fix) => fix === 'hanbus fmt' || contains(text, plain(fix)))
  );
}

/** The scheme after its command, done here as the command does it. */
function mended(name: string, command: string): string {
  const charset = /^iconv -f (\S+)/.exec(command)?.[1];
  if (charset === undefined) return formatScheme(read(name, 'scheme.yaml'));
  return new TextDecoder(charset).decode(readFileSync(join(ROOT, name, 'scheme.yaml')));
}

/** `points:{a0:{name:x}}` is also found in a file that writes it in braces of its own or over several lines. */
function contains(text: string, fix: string): boolean {
  return text.includes(fix) || text.replaceAll(/[{}]/g, '').includes(fix.replaceAll(/[{}]/g, ''));
}

describe('broken schemes', () => {
  test('there are enough of them', () => {
    expect(names.length).toBeGreaterThanOrEqual(45);
  });

  test.each(names)('%s', async (name) => {
    const { problems, scheme } = await load(name);
    expect(`${problemsText(problems, { colour: false })}\n`).toBe(read(name, 'expected.txt'));
    expect(scheme === undefined).toBe(problems.some(({ severity }) => severity === 'error'));
    expect(problems.length).toBeGreaterThan(0);
  });

  test.each(names)('%s: each problem has its place and an explained code', async (name) => {
    for (const { place, code, message, sourceLine } of (await load(name)).problems) {
      expect(explain(code), code).toBeDefined();
      expect(place, message).toBeDefined();
      const text = read(name, place?.file ?? '').replace(/^\uFEFF/, '');
      const line = text.split(/\r?\n/)[(place?.line ?? 0) - 1];
      expect(line?.length).toBe(sourceLine?.length);
      expect(place?.column).toBeGreaterThanOrEqual(1);
      expect(place?.column).toBeLessThanOrEqual((line?.length ?? 0) + 1);
      expect(`${message}`).not.toMatch(/\bat .*:\d+:\d+\)|Error:|undefined|NaN|\[object/);
    }
  });

  test('at least 85 % propose the right fix', async () => {
    const errors: string[] = [];
    const wrong: string[] = [];
    for (const name of names) {
      const { problems } = await load(name);
      if (!problems.some(({ severity }) => severity === 'error')) continue;
      errors.push(name);
      if (!(await isRight(name, problems))) wrong.push(name);
    }
    const share = (100 * (errors.length - wrong.length)) / errors.length;
    process.stdout.write(
      `right fix proposed: ${share.toFixed(1)} % of ${errors.length} cases; not: ${wrong.join(', ')}\n`,
    );
    expect(share).toBeGreaterThanOrEqual(85);
  });
});
