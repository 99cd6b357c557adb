import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeFilesPort } from '../../../src/drivers/ports/files.ts';
import { makeSimulatedFiles } from '../../../src/drivers/ports/simulated-files.ts';
import { filesPortSuite } from '../../contracts/files-port.ts';
import { treeFiles } from '../../fakes/tree.ts';
import { type TreeFolder, writeTreeFolder } from '../../fakes/tree-folder.ts';
import { boardNames, readPicture } from '../../fakes/tree-format.ts';

describe('files port in memory', () => {
  filesPortSuite({ open: makeSimulatedFiles, close: () => undefined });

  test('fails and hangs as a sick device does', async () => {
    const files = treeFiles('pi4');
    files.fail('/proc/loadavg', 'EIO');
    await expect(files.text('/proc/loadavg')).rejects.toThrow('input/output error');
    files.fail('/proc/loadavg', 'EACCES');
    await expect(files.text('/proc/loadavg')).rejects.toMatchObject({ code: 'HB102' });
    expect([await files.exists('/proc/loadavg'), await files.readable('/proc/loadavg')]).toEqual([true, false]);
    files.hang('/proc/loadavg');
    const stop = new AbortController();
    const reading = files.text('/proc/loadavg', stop.signal);
    stop.abort(new Error('too long'));
    await expect(reading).rejects.toThrow('too long');
  });
});

describe('files port on a folder', () => {
  let folder: TreeFolder;
  filesPortSuite({
    open: (picture) => {
      folder = writeTreeFolder(picture);
      return makeFilesPort(folder.root);
    },
    close: () => folder.remove(),
  });

  test.each(boardNames())('every text of %s is the same from disk as in memory', async (board) => {
    const picture = readPicture(board);
    const written = writeTreeFolder(picture);
    onTestFinished(() => written.remove());
    const [real, fake] = [makeFilesPort(written.root), makeSimulatedFiles(picture)];
    const outcome = async (work: Promise<unknown>) => await work.catch((error: Error) => error.message);
    for (const path of picture.entries.keys()) {
      const failsOrHangs = (await fake.exists(path)) && !(await fake.readable(path));
      if (failsOrHangs) continue;
      expect([path, await outcome(real.text(path))]).toEqual([path, await outcome(fake.text(path))]);
      expect([path, await real.link(path)]).toEqual([path, await fake.link(path)]);
    }
  });
});

describe('files port on this machine', () => {
  test('reads /proc and /sys', async () => {
    const files = makeFilesPort();
    expect(await files.text('/proc/loadavg')).toMatch(/^\d+\.\d\d /);
    expect(await files.text('/proc/self/mountinfo')).toContain(' - ');
    expect(await files.list('/proc')).toContain('loadavg');
    expect((await files.space('/')).size).toBeGreaterThan(0);
  });

  test('a named pipe without a writer does not block', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hanbus-pipe-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    expect(await makeFilesPort(folder).text('/pipe')).toBe('');
  });

  test.skipIf(process.getuid?.() === 0)('a file without permission is HB102', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hanbus-files-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'secret'), 'x');
    chmodSync(join(folder, 'secret'), 0);
    const files = makeFilesPort(folder);
    await expect(files.text('/secret')).rejects.toMatchObject({ code: 'HB102' });
    expect(await files.readable('/secret')).toBe(false);
  });
});
