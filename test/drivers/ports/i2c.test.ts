import { describe, expect, test } from 'vitest';
import { makeI2cPort } from '../../../src/drivers/ports/i2c.ts';
import { blockBytes, fillBlock, type I2cTransfer, loadI2cTransfer } from '../../../src/drivers/ports/i2c-native.ts';
import { makeSimulatedFiles } from '../../../src/drivers/ports/simulated-files.ts';
import { makeFakeClock, settle } from '../../fakes/clock.ts';

function fakeBoard(transfer: I2cTransfer) {
  const files = makeSimulatedFiles({ spaces: new Map() });
  const opened: string[] = [];
  const closed: number[] = [];
  const clock = makeFakeClock();
  for (const bus of ['i2c-1', 'i2c-10', 'i2c-2']) files.set(`/dev/${bus}`, '');
  const port = makeI2cPort({
    clock,
    files,
    load: async () => transfer,
    open: async (path) => {
      opened.push(path);
      if (path === '/dev/i2c-7') throw Object.assign(new Error('no'), { code: 'ENOENT' });
      if (path === '/dev/i2c-8') throw Object.assign(new Error('no'), { code: 'EACCES' });
      return 5;
    },
    close: async (fd) => void closed.push(fd),
  });
  return { port, files, opened, closed, clock };
}

const PLACE = { bus: 'i2c-1', address: 0x76 };
const answering: I2cTransfer = async (_fd, _address, _bytes, count) => ({ failed: 0, bytes: new Uint8Array(count) });

describe('I2C port', () => {
  test('lists its buses in order', async () => {
    expect(await fakeBoard(answering).port.buses()).toEqual(['i2c-1', 'i2c-2', 'i2c-10']);
  });

  test('devices of a bus share it, and their transfers never overlap', async () => {
    let running = 0;
    let most = 0;
    const asked: unknown[] = [];
    const transfer: I2cTransfer = async (fd, address, bytes, count) => {
      asked.push([fd, address, bytes, count]);
      running += 1;
      most = Math.max(most, running);
      await settle();
      running -= 1;
      return { failed: 0, bytes: Uint8Array.of(address) };
    };
    const { port, opened, closed } = fakeBoard(transfer);
    const [one, two] = [await port.open(PLACE), await port.open({ bus: 'i2c-1', address: 0x48 })];
    const answers = await Promise.all([one.transfer([0xd0], 1), two.transfer([1, 2, 3]), one.transfer([], 2)]);
    expect(answers.map((bytes) => bytes[0])).toEqual([0x76, 0x48, 0x76]);
    expect(asked).toEqual([
      [5, 0x76, [0xd0], 1],
      [5, 0x48, [1, 2, 3], 0],
      [5, 0x76, [], 2],
    ]);
    expect([most, opened]).toEqual([1, ['/dev/i2c-1']]);
    await one.close();
    await one.close();
    expect(closed).toEqual([]);
    await two.close();
    expect(closed).toEqual([5]);
    await expect(one.transfer([1])).rejects.toMatchObject({ name: 'Unavailable' });
  });

  test.each([
    [121, 'HB105', 'nothing answers at 0x76 on i2c-1'],
    [6, 'HB105', 'nothing answers at 0x76 on i2c-1'],
    [110, 'HB143', 'the bus i2c-1 hangs: a chip holds its lines'],
    [16, 'HB104', '0x76 on i2c-1 is used by another program'],
    [5, 'HB141', 'the transfer with 0x76 on i2c-1 failed: EIO'],
  ])('the kernel says %i: %s', async (failed, code, message) => {
    const { port } = fakeBoard(async () => ({ failed, bytes: new Uint8Array() }));
    const chip = await port.open(PLACE);
    await expect(chip.transfer([0], 1)).rejects.toMatchObject({ name: 'Unavailable', code, message });
  });

  test('a kernel that never comes back ends the wait after 2 s', async () => {
    const { port, clock } = fakeBoard(() => new Promise(() => undefined));
    const chip = await port.open(PLACE);
    const waiting = chip.transfer([0], 1);
    waiting.catch(() => undefined);
    await clock.advance(2_000);
    await expect(waiting).rejects.toMatchObject({ code: 'HB143' });
    expect(clock.pending).toBe(0);
  });

  test('a chip that the kernel serves is left alone', async () => {
    const { port, files, opened } = fakeBoard(answering);
    files.set('/sys/bus/i2c/devices/1-0076/name', 'bme280\n');
    files.set('/sys/bus/i2c/devices/1-0076/driver/uevent', '');
    await expect(port.open(PLACE)).rejects.toMatchObject({
      code: 'HB104',
      message: 'the kernel has 0x76 on i2c-1 (bme280)',
    });
    expect(opened).toEqual([]);
  });

  test.each([
    ['i2c-7', 'HB101'],
    ['i2c-8', 'HB102'],
  ])('%s does not open: %s', async (bus, code) => {
    const { port } = fakeBoard(answering);
    await expect(port.open({ ...PLACE, bus })).rejects.toMatchObject({ name: 'Unavailable', code });
  });
});

describe('the block of one transfer', () => {
  test.each([
    [8, 16, 16],
    [4, 8, 12],
  ] as const)('with pointers of %i bytes', (pointerBytes, messagesAt, messageBytes) => {
    const size = blockBytes(pointerBytes, 2, 3);
    expect(size).toBe(messagesAt + 2 * messageBytes + 5);
    const block = new Uint8Array(size);
    const start = 0x10_000n;
    const readAt = fillBlock(block, { pointerBytes, start }, 0x76, { bytes: [0xf4, 0x25], count: 3 });
    const view = new DataView(block.buffer);
    const pointer = (at: number) =>
      pointerBytes === 8 ? Number(view.getBigUint64(at, true)) : view.getUint32(at, true);
    expect([pointer(0), view.getUint32(pointerBytes, true)]).toEqual([0x10_000 + messagesAt, 2]);
    const message = (index: number) => {
      const at = messagesAt + index * messageBytes;
      return [view.getUint16(at, true), view.getUint16(at + 2, true), view.getUint16(at + 4, true), pointer(at + 8)];
    };
    const data = 0x10_000 + messagesAt + 2 * messageBytes;
    expect([message(0), message(1)]).toEqual([
      [0x76, 0, 2, data],
      [0x76, 1, 3, data + 2],
    ]);
    expect([...block.slice(-5), readAt]).toEqual([0xf4, 0x25, 0, 0, 0, size - 3]);
  });

  test('reaches the kernel, which says what it thinks of it', async () => {
    const transfer = await loadI2cTransfer();
    expect(await transfer(-1, 0x76, [0xd0], 1)).toEqual({ failed: 9, bytes: Uint8Array.of(0) });
  });
});
