import { expect, test } from 'vitest';
import { loadScheme } from '../../src/schemes/load.ts';
import { textWorld } from './case-world.ts';

/** A world whose files would give away a secret if they were read. */
function world(main: string, include: string, read: string[] = []) {
  return {
    ...textWorld(''),
    main,
    readText: async (path: string) => {
      read.push(path);
      return path === main ? `include: [${JSON.stringify(include)}]\n` : 'node: kitchen\n';
    },
    expand: async (pattern: string) => [pattern],
  };
}

test.each([
  ['/etc/hanbus/hanbus.yaml', '../shadow'],
  ['/etc/hanbus/hanbus.yaml', '/etc/shadow'],
  ['/etc/hanbus/hanbus.yaml', 'rules/../../shadow'],
  ['/etc/hanbus/hanbus.yaml', './../hanbus2/x.yaml'],
  ['hanbus.yaml', '../x.yaml'],
  ['hanbus.yaml', '/etc/shadow'],
  ['../house/hanbus.yaml', '../x.yaml'],
  ['../house/hanbus.yaml', '../../x.yaml'],
  ['hanbus.yaml', '~/x.yaml'],
])('%s may not include %s, and the file is not read', async (main, include) => {
  const read: string[] = [];
  const { problems } = await loadScheme(world(main, include, read));
  expect(problems.map(({ code }) => code)).toEqual(['HB262']);
  expect(read).toEqual([main]);
});

test.each([
  ['/etc/hanbus/hanbus.yaml', 'rules/day.yaml'],
  ['/etc/hanbus/hanbus.yaml', '/etc/hanbus/rules/day.yaml'],
  ['/etc/hanbus/hanbus.yaml', 'rules/../day.yaml'],
  ['../house/hanbus.yaml', 'day.yaml'],
  ['hanbus.yaml', './day.yaml'],
])('%s may include %s', async (main, include) => {
  expect((await loadScheme(world(main, include))).problems).toEqual([]);
});

test('a file that includes itself is a loop, a pattern that names it is not', async () => {
  expect((await loadScheme(world('hanbus.yaml', 'hanbus.yaml'))).problems.map(({ code }) => code)).toEqual(['HB261']);
  const pattern = { ...world('hanbus.yaml', '*.yaml'), expand: async () => ['hanbus.yaml', 'more.yaml'] };
  expect((await loadScheme(pattern)).files).toEqual(['hanbus.yaml', 'more.yaml']);
});

test('a chain of includes has an end', async () => {
  const chain = {
    ...textWorld(''),
    main: '0.yaml',
    readText: async (path: string) => `include: [${Number.parseInt(path, 10) + 1}.yaml]\n`,
    expand: async (pattern: string) => [pattern],
  };
  const { problems, files } = await loadScheme(chain);
  expect(problems.map(({ code }) => code)).toEqual(['HB263']);
  expect(files.length).toBeLessThan(12);
});

test('an included file that cannot be read is told at the include', async () => {
  const readText = async (path: string) => {
    if (path === 'hanbus.yaml') return 'include: [a.yaml]\n';
    throw new Error('EACCES: permission denied');
  };
  const { problems } = await loadScheme({ ...world('hanbus.yaml', 'a.yaml'), readText });
  expect(problems).toMatchObject([{ code: 'HB260', place: { file: 'hanbus.yaml', line: 1, column: 11 } }]);
  expect(problems[0]?.message).toContain('EACCES');
});
