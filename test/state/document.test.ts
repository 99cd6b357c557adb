import { mkdir, mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Document, openDocument } from '../../src/state/document.ts';
import { systemFiles } from '../../src/state/files.ts';
import { type FakeClock, makeFakeClock } from '../fakes/clock.ts';
import { makeFakeLog } from '../fakes/log.ts';

interface Numbers {
  readonly numbers: readonly number[];
}

const parse = (stored: unknown): Numbers => {
  if (typeof stored === 'object' && stored !== null && 'numbers' in stored && Array.isArray(stored.numbers)) {
    return { numbers: stored.numbers.map(Number) };
  }
  throw new Error('no numbers');
};

let folder: string;
let path: string;
let clock: FakeClock;
let fakeLog: ReturnType<typeof makeFakeLog>;

const reopen = (at = path): Promise<Document<Numbers>> =>
  openDocument({ path: at, parse, clock, log: fakeLog.log, delayMs: 2_000 });

const codes = () => fakeLog.lines.map(({ fields }) => fields.code).filter((code) => code !== undefined);

/** Two generations on disk: [1] older, [1, 2] newest. */
async function writeTwo(): Promise<void> {
  const document = await reopen();
  document.set({ numbers: [1] });
  await document.flush();
  document.set({ numbers: [1, 2] });
  await document.close();
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hanbus-document-'));
  path = join(folder, 'deep', 'numbers.json');
  clock = makeFakeClock();
  fakeLog = makeFakeLog();
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('a new document is empty, and what was set is there after a restart', async () => {
  const document = await reopen();
  expect(document.value).toBeUndefined();
  document.set({ numbers: [7] });
  expect(document.value).toEqual({ numbers: [7] });
  await document.close();
  expect((await reopen()).value).toEqual({ numbers: [7] });
  expect(codes()).toEqual([]);
});

test('changes within the delay cost one write', async () => {
  let writes = 0;
  const files = {
    ...systemFiles,
    replace: async () => {
      writes += 1;
    },
  };
  const document = await openDocument({ path, parse, clock, log: fakeLog.log, delayMs: 2_000, files });
  for (let n = 0; n < 100; n += 1) {
    document.set({ numbers: [n] });
    await clock.advance(10);
  }
  expect(writes).toBe(0);
  await clock.advance(1_000);
  expect(writes).toBe(1);
  expect(document.written.times).toBe(1);
  await clock.advance(60_000);
  expect(writes).toBe(1);
});

test('a change made while a write runs is written too', async () => {
  const finish: (() => void)[] = [];
  const texts: string[] = [];
  const files = {
    ...systemFiles,
    replace: (_path: string, text: string) =>
      new Promise<void>((resolve) => {
        texts.push(text);
        finish.push(resolve);
      }),
  };
  const document = await openDocument({ path, parse, clock, log: fakeLog.log, delayMs: 100, files });
  document.set({ numbers: [1] });
  await clock.advance(100);
  document.set({ numbers: [2] });
  await clock.advance(100);
  expect(texts).toHaveLength(1);
  finish[0]?.();
  await clock.advance(0);
  expect(texts).toHaveLength(2);
  expect(texts[1]).toContain('[2]');
  const closing = document.close();
  finish[1]?.();
  await closing;
});

test.each([
  ['truncated', (at: string) => truncate(at, 40)],
  ['empty', (at: string) => truncate(at, 0)],
  ['garbage', (at: string) => writeFile(at, Buffer.from([0, 255, 1, 2, 3]))],
  ['of another form', (at: string) => writeFile(at, '{"hanbus":"other/9","generation":9,"sha256":"","value":1}')],
  ['changed in one digit', async (at: string) => writeFile(at, (await readFile(at, 'utf8')).replace('[1,2]', '[1,3]'))],
])('a newest file that is %s gives the older one and is put aside', async (_what, damage) => {
  await writeTwo();
  await damage(path);
  const document = await reopen();
  expect(document.value).toEqual({ numbers: [1] });
  expect(codes()).toEqual(['HB127']);
  expect(await readdir(join(folder, 'deep'))).toContain('numbers.json.bad');
  document.set({ numbers: [5] });
  await document.close();
  expect((await reopen()).value).toEqual({ numbers: [5] });
});

test('a directory in place of the newest file gives the older one', async () => {
  await writeTwo();
  await rm(path);
  await mkdir(path);
  const document = await reopen();
  expect(document.value).toEqual({ numbers: [1] });
  document.set({ numbers: [6] });
  await document.close();
  expect(document.writable).toBe(true);
  expect((await reopen()).value).toEqual({ numbers: [6] });
});

test('both generations damaged: the document starts empty and says so', async () => {
  await writeTwo();
  await writeFile(path, '{');
  await writeFile(`${path}.old`, '{');
  expect((await reopen()).value).toBeUndefined();
  expect(codes()).toEqual(['HB127', 'HB127']);
});

test('a power cut between the two renames leaves the older generation, without a complaint', async () => {
  await writeTwo();
  await rm(path);
  expect((await reopen()).value).toEqual({ numbers: [1] });
  expect(codes()).toEqual([]);
});

test('a half-written new file is ignored', async () => {
  await writeTwo();
  await writeFile(`${path}.new`, '{"hanbus":"docu');
  expect((await reopen()).value).toEqual({ numbers: [1, 2] });
  expect(codes()).toEqual([]);
});

test('a value that does not parse any more counts as damaged', async () => {
  await writeTwo();
  const strict = (stored: unknown) => {
    const value = parse(stored);
    if (value.numbers.length > 1) throw new Error('too many');
    return value;
  };
  const document = await openDocument({ path, parse: strict, clock, log: fakeLog.log });
  expect(document.value).toEqual({ numbers: [1] });
});

test('a directory that cannot be made: goes on in memory, tells once', async () => {
  await writeFile(join(folder, 'deep'), 'a file where the directory should be');
  const document = await reopen();
  document.set({ numbers: [1] });
  await document.flush();
  document.set({ numbers: [2] });
  await document.flush();
  expect(document.value).toEqual({ numbers: [2] });
  expect(document.writable).toBe(false);
  expect(codes()).toEqual(['HB122']);
});

test('a full disk: goes on in memory, and writes when there is room again', async () => {
  await mkdir(join(folder, 'deep'));
  await symlink('/dev/full', `${path}.new`);
  const document = await reopen();
  document.set({ numbers: [3] });
  await document.flush();
  expect(document.writable).toBe(false);
  expect(codes()).toEqual(['HB122']);
  await rm(`${path}.new`);
  document.set({ numbers: [4] });
  await document.flush();
  expect(document.writable).toBe(true);
  await document.close();
  expect((await reopen()).value).toEqual({ numbers: [4] });
});

test('a refused write is tried again without a new change', async () => {
  let isFull = true;
  let writes = 0;
  const files = {
    ...systemFiles,
    replace: async () => {
      if (isFull) throw new Error('no space left');
      writes += 1;
    },
  };
  const document = await openDocument({ path, parse, clock, log: fakeLog.log, files });
  document.set({ numbers: [1] });
  await clock.advance(5_000);
  expect(document.writable).toBe(false);
  isFull = false;
  await clock.advance(60_000);
  expect(writes).toBe(1);
  expect(document.writable).toBe(true);
});
