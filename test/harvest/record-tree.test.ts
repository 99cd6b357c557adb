import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeSimulatedFiles } from '../../src/drivers/ports/simulated-files.ts';
import { boardModel } from '../../src/harvest/board-model.ts';
import { parsePicture } from '../fakes/tree-format.ts';

const tool = fileURLToPath(new URL('../../tools/record-tree.ts', import.meta.url));

describe('tools/record-tree.ts', () => {
  let trees: string;
  let text = '';
  const picture = { entries: new Map(), spaces: new Map(), programs: new Map() };
  beforeAll(() => {
    trees = mkdtempSync(join(tmpdir(), 'hanbus-record-'));
    execFileSync(process.execPath, [tool, 'here', trees]);
    for (const name of readdirSync(join(trees, 'here'))) {
      const part = readFileSync(join(trees, 'here', name), 'utf8');
      parsePicture(part, picture, name);
      text += part;
    }
  });
  afterAll(() => rmSync(trees, { recursive: true }));

  test('records a tree that the loader reads', async () => {
    const files = makeSimulatedFiles(picture);
    expect(await files.text('/proc/loadavg')).toMatch(/^\d/);
    expect(await files.text('/proc/self/mountinfo')).toMatch(/^\d+ \d+ \d+:\d+ \/ \/.* - /m);
    expect(await files.list('/sys/class/net')).toEqual(expect.arrayContaining(['lo']));
    expect((await boardModel(files)).short).toMatch(/\S/);
    expect((await files.space('/')).size).toBeGreaterThan(0);
  });

  test('keeps no hardware address of this machine', () => {
    const own = Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ mac }) => mac));
    for (const mac of new Set(own)) {
      if (mac !== '00:00:00:00:00:00' && !mac.startsWith('02:00:00:00:00:')) expect(text).not.toContain(mac);
    }
  });

  test('refuses a name that is no folder name', () => {
    expect(() => execFileSync(process.execPath, [tool, '../x', trees], { stdio: 'pipe' })).toThrow(/name the board/);
  });
});
