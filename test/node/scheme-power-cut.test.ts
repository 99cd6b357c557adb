import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type SchemeLoop, startSchemeLoop } from '../../src/node/scheme-loop.ts';
import { textsOf } from '../../src/node/scheme-stored.ts';
import type { TextChanges } from '../../src/node/scheme-version.ts';
import { openDocument } from '../../src/state/document.ts';
import { makeFakeClock } from '../fakes/clock.ts';
import { TEST_KINDS } from '../fakes/kinds.ts';
import { makeFakeLog } from '../fakes/log.ts';
import { type Flash, makeFlash } from './scheme-flash.ts';

const FOLDER = '/nowhere/hanbus';
const MAIN = join(FOLDER, 'hanbus.yaml');
const HALL = join(FOLDER, 'rooms', 'hall.yaml');
const LOFT = join(FOLDER, 'rooms', 'loft.yaml');
const OLD: Readonly<Record<string, string>> = {
  [MAIN]: 'include: [rooms/*.yaml]\n',
  [HALL]: 'publish: {every: 10s}\n',
};
const NEW: Readonly<Record<string, string>> = {
  [MAIN]: 'include: [rooms/*.yaml]\nnode: kitchen\n',
  [HALL]: 'publish: {every: 20s}\n',
  [LOFT]: 'devices: {}\n',
};

type Files = ReadonlyMap<string, string>;

interface Life {
  readonly loop: SchemeLoop;
  readonly codes: () => readonly unknown[];
}

async function live({ disk, documents }: Flash): Promise<Life> {
  const clock = makeFakeClock();
  const { log, lines } = makeFakeLog();
  const options = { path: join(FOLDER, 'data', 'last-good.json'), parse: textsOf, clock, log, files: documents };
  const lastGood = await openDocument(options);
  const loop = await startSchemeLoop({
    ...{ main: MAIN, secrets: join(FOLDER, 'secrets.env'), environment: {}, kinds: async () => TEST_KINDS },
    ...{ lastGood, data: join(FOLDER, 'data'), clock, log, disk, documents },
  });
  return { loop, codes: () => lines.map(({ fields }) => fields.code).filter((code) => code !== undefined) };
}

function apply(loop: SchemeLoop, waitMs: number, texts: TextChanges = NEW) {
  const by = { source: 'apply', who: 'ann' } as const;
  return loop.change(() => ({ texts, etag: undefined, by, waitMs, isDry: false }));
}

const schemeOf = (files: Files) =>
  Object.fromEntries([...files].filter(([path]) => /\.yaml$/.test(path) && dirname(path) !== join(FOLDER, 'data')));

/** Runs `work` on a copy of the disk with the power cut before each step in turn, and looks at what is left. */
async function cutEverywhere(
  files: Files,
  work: (life: Life) => Promise<unknown>,
  look: (image: Files, isDone: boolean) => Promise<void>,
): Promise<number> {
  for (let cutAt = 0; ; cutAt += 1) {
    const flash = makeFlash(files, cutAt);
    const isDone = await live(flash)
      .then(work)
      .then(
        (done) => (done as { ok?: boolean } | undefined)?.ok !== false,
        () => false,
      );
    const wasCut = flash.steps >= cutAt;
    for (const image of [flash.certain, flash.lucky]) await look(new Map(image), isDone && !wasCut);
    if (!wasCut) return cutAt;
  }
}

/** What a node makes of a disk after the power is back; twice, as the first start may be cut short by anything. */
async function afterwards(image: Files): Promise<{ scheme: unknown; flash: Flash; life: Life }> {
  const flash = makeFlash(image);
  const life = await live(flash);
  expect(life.codes().filter((code) => code !== 'HB394')).toEqual([]);
  expect(life.loop.keeper.running.texts).toEqual(schemeOf(flash.lucky));
  const again = await live(makeFlash(new Map(flash.lucky)));
  expect(again.loop.keeper.running.texts).toEqual(life.loop.keeper.running.texts);
  return { scheme: schemeOf(flash.lucky), flash, life };
}

const before: Files = new Map(Object.entries(OLD));

describe('the power is cut at any step', () => {
  it('of an apply that is kept at once: all of the old or all of the new', async () => {
    const seen = new Set<string>();
    const cuts = await cutEverywhere(
      before,
      ({ loop }) => apply(loop, 0),
      async (image, isDone) => {
        const { scheme } = await afterwards(image);
        seen.add(JSON.stringify(scheme));
        if (isDone) expect(scheme).toEqual(NEW);
        expect([OLD, NEW]).toContainEqual(scheme);
      },
    );
    expect(cuts).toBeGreaterThan(20);
    expect(seen.size).toBe(2);
  });

  it('of an apply on trial: the old one comes back', async () => {
    await cutEverywhere(
      before,
      ({ loop }) => apply(loop, 60_000),
      async (image) => expect((await afterwards(image)).scheme).toEqual(OLD),
    );
  });

  it('of a confirmation: kept when it was answered, one of the two otherwise', async () => {
    await cutEverywhere(
      before,
      async ({ loop }) => {
        const { etag } = await apply(loop, 60_000);
        await loop.confirm(etag, 'ann');
      },
      async (image, isDone) => {
        const { scheme } = await afterwards(image);
        if (isDone) expect(scheme).toEqual(NEW);
        expect([OLD, NEW]).toContainEqual(scheme);
      },
    );
  });

  it('of going back: the old one, whole', async () => {
    await cutEverywhere(
      before,
      async ({ loop }) => {
        await apply(loop, 60_000);
        await loop.takeBack('a test');
      },
      async (image) => expect((await afterwards(image)).scheme).toEqual(OLD),
    );
  });

  it('of the start that goes back: the old one, whole', async () => {
    const flash = makeFlash(before);
    await apply((await live(flash)).loop, 60_000);
    await cutEverywhere(
      new Map(flash.certain),
      async () => undefined,
      async (image) => expect((await afterwards(image)).scheme).toEqual(OLD),
    );
  });
});
