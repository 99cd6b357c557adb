import { expect, test } from 'vitest';
import { freePort } from '../fakes/processes.ts';
import { flipsOf, tryFlip, workAndStop } from './flips.ts';
import { seeded } from './seeded.ts';

/** All of them are tried by `npm run chaos`; some of every file here. */
const EACH_FILE = 2;

test('with a spoilt file the node starts, says what it set aside, and works', async () => {
  const port = await freePort();
  const remains = await workAndStop(port, 1_000);
  const random = seeded(3);
  try {
    const all = flipsOf(remains, 64);
    const files = [...new Set(all.map(({ file }) => file))];
    const chosen = files.flatMap((file) => {
      const own = all.filter((flip) => flip.file === file);
      return Array.from({ length: Math.min(EACH_FILE, own.length) }, () => own[Math.floor(random() * own.length)]);
    });
    expect(files.length).toBeGreaterThan(5);
    const wrong: string[] = [];
    let told = 0;
    for (const flip of chosen) {
      const tried = flip === undefined ? undefined : await tryFlip(remains, flip, port);
      if (tried?.wrong !== undefined) wrong.push(tried.wrong);
      told += tried?.said.length ?? 0;
    }
    expect(wrong).toEqual([]);
    expect(told).toBeGreaterThan(3);
  } finally {
    remains.remove();
  }
});
