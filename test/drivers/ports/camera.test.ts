import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { makeCameraPort } from '../../../src/drivers/ports/camera.ts';
import { makeProcessPort } from '../../../src/drivers/ports/process.ts';
import { makeSimulatedCamera } from '../../../src/drivers/ports/simulated/camera.ts';

const WISH = { camera: 1, width: 640, height: 480 };
const root = mkdtempSync(join(tmpdir(), 'hanbus-test-'));
let programs = '';
let count = 0;

beforeEach(() => {
  count += 1;
  programs = mkdtempSync(join(root, `${count}-`));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A program that the port may find. */
function install(name: string, script: string): void {
  const file = join(programs, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

const port = () => makeCameraPort({ process: makeProcessPort({ path: `${programs}:/usr/bin:/bin` }), below: programs });

describe('camera port', () => {
  test('asks the program of Raspberry Pi OS, and keeps the picture for this user alone', async () => {
    install('rpicam-still', 'for file; do :; done; echo "$@" > "$file"');
    const shot = await port().shoot(WISH);
    expect(readFileSync(shot.file, 'utf8')).toBe(
      `--nopreview --camera 1 --timeout 1000 --width 640 --height 480 --output ${shot.file}\n`,
    );
    expect(shot).toMatchObject({ type: 'image/jpeg', bytes: statSync(shot.file).size });
    expect(statSync(dirname(shot.file)).mode & 0o777).toBe(0o700);
  });

  test('takes fswebcam when there is nothing better', async () => {
    install('fswebcam', 'for file; do :; done; echo "$@" > "$file"');
    const { file } = await port().shoot(WISH);
    expect(readFileSync(file, 'utf8')).toBe(`--quiet --no-banner --device /dev/video1 --resolution 640x480 ${file}\n`);
  });

  test('keeps ten pictures', async () => {
    install('rpicam-still', 'for file; do :; done; echo x > "$file"');
    const camera = port();
    const shots = await Promise.all(Array.from({ length: 12 }, () => camera.shoot(WISH)));
    const [first] = shots;
    expect(readdirSync(dirname(first?.file ?? '')).length).toBe(10);
    expect(new Set(shots.map(({ file }) => file)).size).toBe(12);
  });

  test('says why there is no picture', async () => {
    await expect(port().shoot(WISH)).rejects.toMatchObject({ name: 'Unavailable', code: 'HB107' });
    install('rpicam-still', 'echo "ERROR: *** no cameras available ***" >&2; exit 255');
    await expect(port().shoot(WISH)).rejects.toMatchObject({
      name: 'Unavailable',
      message: 'rpicam-still took no picture: ERROR: *** no cameras available ***',
    });
    install('rpicam-still', 'exit 0');
    await expect(port().shoot(WISH)).rejects.toMatchObject({ message: 'the camera wrote no picture: ENOENT' });
  });
});

test('the simulated camera makes a real PNG, darker at night', async () => {
  const pixels = async (light: number) => {
    const { file } = await makeSimulatedCamera({ light: () => light, folder: programs }).shoot(WISH);
    const bytes = readFileSync(file);
    expect([...bytes.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]);
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([640, 480]);
    const at = bytes.indexOf('IDAT');
    const rows = inflateSync(bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at - 4)));
    expect(rows.length).toBe(480 * 641);
    return rows[1] ?? 0;
  };
  expect(await pixels(0)).toBeLessThan(await pixels(1));
});
