import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FilesPort } from '../../src/drivers/ports/ports.ts';
import { type Picture, parsePicture } from '../fakes/tree-format.ts';

/** What the suite runs on. Every implementation gets the same picture. */
export function filesPortPicture(): Picture {
  const picture = { entries: new Map(), spaces: new Map(), programs: new Map() };
  parsePicture(pictureText, picture, 'files-port.ts');
  return picture;
}

const pictureText = `
=== /proc/loadavg
0.42 0.31 0.18 1/181 2345

=== /proc/device-tree --> /sys/firmware/devicetree/base

=== /sys/firmware/devicetree/base/compatible !NUL
raspberrypi,4-model-b
brcm,bcm2711

=== /sys/edid !HEX
00 ff ff 00 0a 00

=== /sys/class/net/eth0 --> ../../devices/pci/net/eth0

=== /sys/devices/pci/net/eth0/address
dc:a6:32:00:00:01

=== /sys/devices/pci/net/eth0/device --> ../../../pci

=== /sys/class/net/gone --> ../../devices/nowhere

=== /sys/loop --> loop

=== /sys/above --> ../../../../../../../proc/loadavg

=== /sys/empty

=== /sys/nothing !DIR

=== /sys/names/b
=== /sys/names/a
=== /sys/names/B
=== /sys/names/10
=== /sys/names/9

=== /sys/full !FILL 1048576

=== /sys/huge !FILL 1048577

=== /sys/long !FILL 70000

=== /sys/page !FILL 4096

=== /sys/over !FILL 4097

=== / !SPACE 1000 500 400
`;

export interface FilesPortCase {
  open(picture: Picture): FilesPort;
  close(): void;
}

/** The contract of FilesPort. */
export function filesPortSuite(port: FilesPortCase): void {
  let files: FilesPort;
  beforeAll(() => {
    files = port.open(filesPortPicture());
  });
  afterAll(() => port.close());

  test('text loses the trailing newlines and NUL bytes, and nothing else', async () => {
    expect(await files.text('/proc/loadavg')).toBe('0.42 0.31 0.18 1/181 2345');
    expect(await files.text('/proc/device-tree/compatible')).toBe('raspberrypi,4-model-b\u0000brcm,bcm2711');
    expect(await files.text('/sys/empty')).toBe('');
  });

  test('text is the whole file, also of one page of the kernel and more', async () => {
    for (const [path, length] of [
      ['/sys/page', 4_096],
      ['/sys/over', 4_097],
      ['/sys/long', 70_000],
    ] as const)
      expect(await files.text(path)).toBe('x'.repeat(length));
  });

  test('texts that are read at the same time do not mix', async () => {
    const paths = ['/sys/devices/pci/net/eth0/address', '/sys/page', '/sys/names/a', '/sys/long', '/sys/above'];
    const alone = await Promise.all(paths.map(async (path) => await files.text(path)));
    const many = Array.from({ length: 20 }, () => paths).flat();
    const together = await Promise.all(many.map(async (path) => await files.text(path)));
    expect(together).toEqual(Array.from({ length: 20 }, () => alone).flat());
    expect(alone.map((text) => text.length)).toEqual([17, 4_096, 0, 70_000, 25]);
  });

  test('bytes are the whole file', async () => {
    expect([...(await files.bytes('/sys/edid'))]).toEqual([0, 255, 255, 0, 10, 0]);
    expect((await files.bytes('/sys/long')).length).toBe(70_000);
  });

  test('a file of 1 MB is read, a larger one is refused', async () => {
    expect((await files.bytes('/sys/full')).length).toBe(1_048_576);
    await expect(files.text('/sys/huge')).rejects.toMatchObject({
      name: 'Unavailable',
      message: 'cannot read /sys/huge: it is larger than 1 MB',
    });
  });

  test.each([
    ['/sys/missing', 'there is no such file'],
    ['/sys/class/net/gone/address', 'there is no such file'],
    ['/sys/nothing', 'it is a directory'],
    ['/proc/loadavg/deeper', 'a part of the path is not a directory'],
    ['/sys/loop', 'too many symbolic links'],
  ])('%s is Unavailable: %s', async (path, words) => {
    await expect(files.text(path)).rejects.toMatchObject({
      name: 'Unavailable',
      code: 'HB141',
      message: `cannot read ${path}: ${words}`,
    });
  });

  test('list is sorted, and empty for what is not a folder', async () => {
    expect(await files.list('/sys/names')).toEqual(['10', '9', 'B', 'a', 'b']);
    expect(await files.list('/sys/class/net')).toEqual(['eth0', 'gone']);
    expect(await files.list('/sys/class/net/eth0')).toEqual(['address', 'device']);
    expect(await files.list('/sys/class/net/eth0/device')).toEqual(['net']);
    for (const path of ['/sys/missing', '/sys/nothing', '/proc/loadavg', '/sys/loop', '/sys/class/net/gone']) {
      expect(await files.list(path)).toEqual([]);
    }
  });

  test('exists and readable follow links', async () => {
    for (const path of ['/proc/loadavg', '/sys/class/net/eth0', '/sys/nothing', '/proc/device-tree/compatible']) {
      expect([path, await files.exists(path), await files.readable(path)]).toEqual([path, true, true]);
    }
    for (const path of ['/sys/missing', '/sys/class/net/gone', '/sys/loop']) {
      expect([path, await files.exists(path), await files.readable(path)]).toEqual([path, false, false]);
    }
  });

  test('link gives the path on the board', async () => {
    expect(await files.link('/sys/class/net/eth0')).toBe('/sys/devices/pci/net/eth0');
    expect(await files.link('/sys/class/net/eth0/device')).toBe('/sys/devices/pci');
    expect(await files.link('/proc/device-tree/compatible')).toBe('/sys/firmware/devicetree/base/compatible');
    expect(await files.link('/')).toBe('/');
    for (const path of ['/sys/missing', '/sys/class/net/gone', '/sys/loop']) {
      expect(await files.link(path)).toBeUndefined();
    }
  });

  test('a link that climbs too far stays inside the root', async () => {
    expect(await files.link('/sys/above')).toBe('/proc/loadavg');
    expect(await files.text('/sys/above')).toBe('0.42 0.31 0.18 1/181 2345');
  });

  test('space is that of the file system of the path', async () => {
    const { size, free, available } = await files.space('/sys/nothing');
    expect(size).toBeGreaterThan(0);
    expect(free).toBeGreaterThanOrEqual(available);
    await expect(files.space('/sys/missing')).rejects.toMatchObject({ name: 'Unavailable' });
  });

  test('an aborted signal ends the read with its reason', async () => {
    const stop = new AbortController();
    stop.abort(new Error('closed'));
    await expect(files.text('/proc/loadavg', stop.signal)).rejects.toThrow('closed');
  });
}
