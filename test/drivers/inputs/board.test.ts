import { beforeEach, describe, expect, test } from 'vitest';
import type { OpenInput } from '../../../src/drivers/driver.ts';
import { driver } from '../../../src/drivers/inputs/board.ts';
import { openInput, readTwice } from '../../contracts/input-driver.ts';
import { boardNames } from '../../fakes/tree-format.ts';
import { type TreePorts, treePorts } from '../../fakes/tree-ports.ts';

const never = new AbortController().signal;

describe('board', () => {
  let ports: TreePorts;
  let board: OpenInput<string>;
  beforeEach(async () => {
    ports = treePorts('pi4');
    board = await openInput(driver, {}, ports);
  });
  const read = async () => (await board.read?.(never)) ?? {};

  test('reads load, memory, uptime, processes and clock of a Pi 4', async () => {
    expect(await read()).toEqual({
      load: 0.42,
      load_5: 0.31,
      load_15: 0.18,
      running: 1,
      memory: 14.7,
      memory_free: 3392,
      swap: 0,
      uptime: 361,
      processes: 5,
      clock_synced: true,
    });
  });

  test('tells the use of the cores since the last read, and nothing at the first', async () => {
    ports.files.set('/proc/stat', 'cpu  1000 0 500 8000 500 0 0 0 300 0\ncpu0 1 2 3\n');
    expect(await read()).not.toHaveProperty('cpu');
    // 30 busy and 70 waiting hundredths of a second; the guest column counts within user.
    ports.files.set('/proc/stat', 'cpu  1020 0 505 8060 510 0 5 0 390 0\ncpu0 1 2 3\n');
    expect(await read()).toMatchObject({ cpu: 30 });
  });

  test('a core that is switched off makes no negative use', async () => {
    ports.files.set('/proc/stat', 'cpu  1000 0 500 8000 500 0 0 0\n');
    await read();
    ports.files.set('/proc/stat', 'cpu  900 0 400 7900 400 0 0 0\n');
    expect(await read()).not.toHaveProperty('cpu');
    ports.files.set('/proc/stat', 'cpu  910 0 400 7890 400 0 0 0\n');
    expect(await read()).toMatchObject({ cpu: 100 });
  });

  test('has swap only on a board with swap, a clock only where it can be asked', async () => {
    expect(Object.keys(board.points ?? {})).toContain('swap');
    const small = await openInput(driver, {}, treePorts('pi-zero-2w'));
    expect(Object.keys(small.points ?? {})).not.toContain('swap');
    expect(Object.keys(small.points ?? {})).toContain('clock_synced');
    const vm = await openInput(driver, {}, treePorts('bare-vm'));
    expect(Object.keys(vm.points ?? {})).not.toContain('clock_synced');
  });

  test('nonsense of the kernel is bad or left out', async () => {
    ports.files.set('/proc/loadavg', '-1 5000 NaN');
    ports.files.set('/proc/meminfo', 'MemTotal:  100 kB\nMemAvailable:  900 kB\n');
    expect(await read()).toMatchObject({
      load: { quality: 'bad', why: '-1 cannot be true: it is outside 0..1000' },
      load_5: { quality: 'bad' },
      memory: { quality: 'bad', why: '-800 % cannot be true: it is outside 0..100' },
    });
    expect(Object.keys(await read())).not.toContain('load_15');
  });

  test('an old kernel without MemAvailable tells free memory', async () => {
    ports.files.set('/proc/meminfo', 'MemTotal:   1000000 kB\nMemFree:    250000 kB\n');
    expect(await read()).toMatchObject({ memory: 75, memory_free: 256 });
  });

  test('without /proc it is Unavailable', async () => {
    ports.files.fail('/proc/loadavg', 'EIO');
    await expect(read()).rejects.toMatchObject({
      name: 'Unavailable',
      message: expect.stringContaining('/proc/loadavg'),
    });
  });

  test('a read asks few files', async () => {
    const before = ports.files.asked.length;
    await board.read?.(never);
    expect(ports.files.asked.length - before).toBeLessThanOrEqual(5);
  });

  test.each(boardNames())('tells no lie on %s', async (name) => await readTwice(driver, {}, treePorts(name)));
});
