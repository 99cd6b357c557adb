import { beforeEach, describe, expect, test } from 'vitest';
import type { OpenInput } from '../../../src/drivers/driver.ts';
import { driver } from '../../../src/drivers/inputs/disk.ts';
import { mountsOf } from '../../../src/drivers/parse/mounts.ts';
import { inTime, openInput, readTwice } from '../../contracts/input-driver.ts';
import { treeFiles } from '../../fakes/tree.ts';
import { boardNames } from '../../fakes/tree-format.ts';
import { type TreePorts, treePorts } from '../../fakes/tree-ports.ts';

const never = new AbortController().signal;
const stat = '/sys/dev/block/179:2/stat';
const counters = (readSectors: number, writtenSectors: number, busyMs: number) =>
  `  100  0  ${readSectors}  50  100  0  ${writtenSectors}  60  0  ${busyMs}  110  0 0 0 0 0 0`;

describe('disk', () => {
  let ports: TreePorts;
  let disk: OpenInput<string>;
  beforeEach(async () => {
    ports = treePorts('pi4');
    ports.files.set(stat, counters(1_000, 2_000_000, 5_000));
    ports.files.set('/proc/uptime', '100.00 1.00');
    disk = await openInput(driver, { mount: '/' }, ports);
  });
  const read = async () => (await disk.read?.(never)) ?? {};

  test('reads space as df does, and no rates at first', async () => {
    expect(await read()).toEqual({ used: 31.7, free: 20.47, read_only: false, written: 1024 });
  });

  test('reads rates since the last read', async () => {
    await read();
    ports.files.set(stat, counters(1_000 + 2_000, 2_000_000 + 20_000, 5_000 + 2_500));
    ports.files.set('/proc/uptime', '110.00 1.00');
    expect(await read()).toMatchObject({ read_rate: 102.4, write_rate: 1024, io_busy: 25 });
  });

  test('counters that start again make no negative rate', async () => {
    await read();
    ports.files.set(stat, counters(0, 10, 0));
    ports.files.set('/proc/uptime', '110.00 1.00');
    const after = await read();
    for (const name of ['read_rate', 'write_rate', 'io_busy']) expect(after).not.toHaveProperty(name);
    ports.files.set(stat, counters(0, 30, 0));
    ports.files.set('/proc/uptime', '120.00 1.00');
    expect(await read()).toMatchObject({ read_rate: 0, write_rate: 1, io_busy: 0 });
  });

  test('a card that turned read-only says so', async () => {
    const mounts = await ports.files.text('/proc/self/mountinfo');
    ports.files.set('/proc/self/mountinfo', mounts.replace('/ / rw,noatime', '/ / ro,noatime'));
    expect(await read()).toMatchObject({ read_only: true });
  });

  test('a stick that was pulled is Unavailable, not the disk below its folder', async () => {
    const laptop = treePorts('x86-laptop');
    const stick = await openInput(driver, { mount: '/media/ann/HOLIDAY PHOTOS' }, laptop);
    expect(await stick.read?.(never)).toMatchObject({ used: 98.4, free: 1 });
    const mounts = await laptop.files.text('/proc/self/mountinfo');
    laptop.files.set('/proc/self/mountinfo', mounts.replace(/^95 .*$/m, ''));
    await expect(stick.read?.(never)).rejects.toMatchObject({
      name: 'Unavailable',
      message: 'nothing is mounted on /media/ann/HOLIDAY PHOTOS',
    });
  });

  test('a root without a block device has space alone', async () => {
    ports.files.set('/proc/self/mountinfo', '1 0 0:44 / / rw,relatime - overlay overlay rw,lowerdir=/l\n');
    const root = await openInput(driver, { mount: '/' }, ports);
    expect(Object.keys(root.points ?? {})).toEqual(['used', 'free', 'read_only']);
    expect(await root.read?.(never)).toEqual({ used: 31.7, free: 20.47, read_only: false });
  });

  test('a network disk that hangs ends at the deadline', async () => {
    const nas = await openInput(driver, { mount: '/mnt/nas' }, treePorts('x86-laptop'));
    await expect(inTime(async (signal) => await nas.read?.(signal))).rejects.toMatchObject({ code: 'HB143' });
  });

  test('a read asks few files', async () => {
    const before = ports.files.asked.length;
    await disk.read?.(never);
    expect(ports.files.asked.length - before).toBeLessThanOrEqual(3);
  });

  test.each(boardNames())('tells no lie about any mount of %s', async (board) => {
    for (const { point } of await mountsOf(treeFiles(board)))
      await readTwice(driver, { mount: point }, treePorts(board));
  });
});
