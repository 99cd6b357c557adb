import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeProcessPort } from '../../../src/drivers/ports/process.ts';

describe('process port', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hanbus-programs-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const program = (name: string, script: string, deadlineMs = 60_000) => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
    return makeProcessPort({ path: `${folder}:/usr/bin:/bin`, deadlineMs });
  };

  test('gives output, errors and exit code', async () => {
    const port = program('systemctl', 'echo out; echo err >&2; exit 3');
    expect(await port.run('systemctl', [])).toEqual({ code: 3, out: 'out\n', err: 'err\n' });
  });

  test('passes arguments as they are, without a shell', async () => {
    const port = program('systemctl', 'for word in "$@"; do echo "<$word>"; done');
    const { code, out } = await port.run('systemctl', ['$(id)', 'a b', ';', '*']);
    expect([code, out]).toEqual([0, '<$(id)>\n<a b>\n<;>\n<*>\n']);
  });

  test('gives no input and only its own environment', async () => {
    const port = program('systemctl', 'cat; env');
    const { out } = await port.run('systemctl', []);
    expect(out).toContain('LC_ALL=C');
    expect(out).not.toContain('HOME=');
  });

  test('a program that hangs is killed', async () => {
    const port = program('vcgencmd', 'exec sleep 60', 300);
    await expect(port.run('vcgencmd', ['get_throttled'])).rejects.toMatchObject({
      code: 'HB143',
      message: 'vcgencmd did not end within 300 ms',
    });
  });

  test('a program that floods is ended', async () => {
    const port = program('timedatectl', 'exec yes');
    await expect(port.run('timedatectl', [])).rejects.toMatchObject({
      name: 'Unavailable',
      message: 'timedatectl wrote more than 64 kB',
    });
  });

  test('a program that is not installed is Unavailable', async () => {
    await expect(makeProcessPort({ path: join(folder, 'nothing') }).run('timedatectl', [])).rejects.toMatchObject({
      name: 'Unavailable',
      message: 'timedatectl is not installed',
    });
  });

  test('a signal ends the program with its reason', async () => {
    const port = program('vcgencmd', 'exec sleep 60');
    const stop = new AbortController();
    const running = port.run('vcgencmd', [], stop.signal);
    stop.abort(new Error('closed'));
    await expect(running).rejects.toThrow('closed');
  });
});
