import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EXIT_CODES } from '../../src/cli/exit-codes.ts';
import { CATALOG } from '../../src/drivers/catalog.ts';
import { FILTERS } from '../../src/schemes/filter-catalog.ts';
import { loadScheme } from '../../src/schemes/load.ts';
import { problemsText } from '../../src/schemes/problem-text.ts';
import { textWorld } from '../schemes/case-world.ts';

const GUIDE = 'docs/guide';
const pages = readdirSync(GUIDE).map((name) => join(GUIDE, name));
const texts = new Map(pages.map((path) => [path, readFileSync(path, 'utf8')]));

function fences(language: string): [page: string, text: string][] {
  const wanted = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms');
  return [...texts].flatMap(([page, text]) =>
    [...text.matchAll(wanted)].map(([, body = '']): [string, string] => [page, body]),
  );
}

/** Files in `folder` and below whose names end so. */
function filesBelow(folder: string, end: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith(end)).map((name) => join(folder, name));
}

const slug = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');

describe('the guide', () => {
  test('is there', () => {
    expect(pages.length).toBeGreaterThan(4);
    expect(fences('yaml').length).toBeGreaterThan(10);
  });

  test.each(fences('yaml'))('%s shows schemes that are right (%#)', async (_page, text) => {
    const loaded = await Promise.all(Object.values(CATALOG).map((load) => load()));
    const kinds = new Map(loaded.map(({ driver }) => [driver.kind, driver]));
    const { scheme, problems } = await loadScheme({ ...textWorld(text, { ENGINE_PASSWORD: 'x' }), kinds });
    // Files that an example includes are not there.
    const told = problems.filter(({ code }) => code !== 'HB260');
    expect(problemsText(told, { colour: false })).toBe('');
    if (told.length === problems.length) expect(scheme).toBeDefined();
  });

  test('shows its driver and the test of it as they are', () => {
    const files = ['src/drivers/inputs/stall.ts', 'test/drivers/inputs/stall.test.ts'];
    expect(fences('ts').map(([, text]) => text)).toEqual(files.map((file) => readFileSync(file, 'utf8')));
  });

  test('has the exit codes and the number of filters of today', () => {
    for (const { code, meaning } of EXIT_CODES) {
      expect(texts.get(`${GUIDE}/conventions.md`)).toContain(`| ${code} | ${meaning} |`);
    }
    expect(texts.get(`${GUIDE}/schemes.md`)).toContain(`There are [${Object.keys(FILTERS).length} filters]`);
  });

  test('has each verb of MQTT in its table', () => {
    const verbs = [...readFileSync('src/schemes/control.ts', 'utf8').matchAll(/^ {2}\| '(\w+)'/gm)].map(
      ([, verb]) => verb,
    );
    expect(verbs.length).toBeGreaterThan(20);
    const text = texts.get(`${GUIDE}/mqtt.md`) ?? '';
    expect(verbs.filter((verb) => verb !== 'stop' && !text.includes(`\n| \`${verb}\` |`))).toEqual([]);
  });

  test.each(pages)('%s links to what is there', (page) => {
    const links = [...(texts.get(page) ?? '').matchAll(/\]\(([^)#]*)(?:#([^)]*))?\)/g)];
    for (const [link, path = '', part] of links) {
      const file = path === '' ? page : join(dirname(page), path);
      expect(existsSync(file), link).toBe(true);
      if (part === undefined) continue;
      const titles = [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => slug(title));
      expect(titles, link).toContain(part);
    }
  });
});

describe('a command that is named', () => {
  const verbs = new Set(readdirSync('src/cli/verbs').map((name) => name.replace(/\.ts$/, '')));

  test.each([...pages, ...filesBelow('docs/reference', '.md'), ...filesBelow('examples', '.yaml'), 'README.md'])(
    'exists: %s',
    (path) => {
      const text = readFileSync(path, 'utf8');
      const named = [...text.matchAll(/(?:`|^|npx |sudo |: )hanbus ([a-z]+)/gm)].map(([, verb = '']) => verb);
      expect(named.filter((verb) => !verbs.has(verb))).toEqual([]);
    },
  );

  // `fix: 'hanbus ls'`, `'... ; \`hanbus scan\` lists ...'`; a sentence that begins with the word is none.
  const promise =
    /(?:fix|example|line): [`'"](?:sudo )?hanbus ([a-z]+)|'[^'\n]*(?<!message: )`(?:sudo )?hanbus ([a-z]+)[^`'\n]*`/g;

  test('exists: those in the texts of the program', () => {
    const named = filesBelow('src', '.ts').flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(promise)].map(([, plain, quoted]) => [file, plain ?? quoted ?? '']),
    );
    expect(named.length).toBeGreaterThan(40);
    expect(named.filter(([, verb = '']) => !verbs.has(verb))).toEqual([]);
  });
});
