import { describe, expect, test } from 'vitest';
import { makeGpioLinesPort } from '../../../src/drivers/ports/gpio-lines.ts';
import type { Ioctl } from '../../../src/drivers/ports/ioctl.ts';
import type { PollableHeard } from '../../../src/drivers/ports/pollable.ts';
import { makeFakeClock } from '../../fakes/clock.ts';
import { gpioChip, makeFakeGpio } from '../../fakes/gpio.ts';

const [CHIP_FD, LINE_FD] = [7, 8];
const [GET_LINE, GET_VALUES, SET_VALUES] = [0xc250b407, 0xc010b40e, 0xc010b40f];

/** A kernel that gives every line, and keeps what it was asked. */
function fakeKernel({ refuse = 0, active = false } = {}) {
  const requests: Uint8Array[] = [];
  const written: number[] = [];
  const closed: number[] = [];
  const opened: string[] = [];
  let heard: PollableHeard | undefined;
  const ioctl: Ioctl = (fd, request, bytes) => {
    if (request === GET_LINE) {
      requests.push(bytes.slice());
      if (refuse !== 0) return refuse;
      new DataView(bytes.buffer).setInt32(588, LINE_FD, true);
    }
    if (request === GET_VALUES) bytes[0] = active ? 1 : 0;
    if (request === SET_VALUES) written.push(bytes[0] ?? -1);
    return fd === CHIP_FD || fd === LINE_FD ? 0 : 9;
  };
  const clock = makeFakeClock();
  const header = gpioChip('gpiochip1', 'pinctrl-rp1', { count: 54, used: { 5: 'spi0 CS1' } });
  // Line 27 has been an output since before.
  const lines = header.lines.map((line) => ({
    ...line,
    direction: line.offset === 27 ? ('out' as const) : line.direction,
  }));
  const chips = makeFakeGpio([gpioChip('gpiochip0', 'raspberrypi-exp-gpio', { count: 8 }), { ...header, lines }]);
  const port = makeGpioLinesPort(chips, {
    clock,
    loadIoctl: async () => ioctl,
    devices: async () => ['gpiochip0', 'gpiochip1', 'null'],
    open: async (path) => {
      opened.push(path);
      return CHIP_FD;
    },
    close: async (fd) => void closed.push(fd),
    poll: (_fd, to) => {
      heard = to;
      return { write: async () => undefined, close: async () => void closed.push(LINE_FD) };
    },
  });
  return {
    port,
    clock,
    requests,
    written,
    closed,
    opened,
    hear: (bytes: Uint8Array) => heard?.bytes(bytes),
    end: () => heard?.end(undefined),
  };
}

const u32 = (bytes: Uint8Array | undefined, at: number) =>
  new DataView((bytes ?? new Uint8Array(1_000)).buffer).getUint32(at, true);

function event(seqno: number, rising: boolean, ns: bigint): Uint8Array {
  const bytes = new Uint8Array(48);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, ns, true);
  view.setUint32(8, rising ? 1 : 2, true);
  view.setUint32(16, seqno, true);
  return bytes;
}

describe('lines of a chip', () => {
  test('gpio17 is line 17 of the chip with the 40 pins, whatever its number', async () => {
    const { port, opened, requests, closed } = fakeKernel();
    await port.request({ line: 'gpio17', direction: 'in', bias: 'up', activeLow: true, debounceMs: 30, edges: true });
    expect(opened).toEqual(['/dev/gpiochip1']);
    const [bytes] = requests;
    expect(bytes?.length).toBe(592);
    expect(u32(bytes, 0)).toBe(17);
    expect(new TextDecoder().decode(bytes?.subarray(256, 262))).toBe('hanbus');
    // ACTIVE_LOW, INPUT, both edges, PULL_UP.
    expect(u32(bytes, 288)).toBe(2 | 4 | 16 | 32 | 256);
    // One attribute: debounce of 30,000 us, for the first line.
    expect([296, 320, 328, 336].map((at) => u32(bytes, at))).toEqual([1, 3, 30_000, 1]);
    expect(u32(bytes, 560)).toBe(1);
    expect(closed).toEqual([CHIP_FD]);
  });

  test('an output is requested together with its value', async () => {
    const { port, requests } = fakeKernel();
    await port.request({ line: 'gpio17', direction: 'out', initial: true });
    const [bytes] = requests;
    expect(u32(bytes, 288)).toBe(8);
    expect([296, 320, 328, 336].map((at) => u32(bytes, at))).toEqual([1, 2, 1, 1]);
    expect(requests).toHaveLength(1);
  });

  test('without a value an output goes on with what it was: asked first, without touching it', async () => {
    const { port, requests, closed } = fakeKernel({ active: true });
    await port.request({ line: 'gpio27', direction: 'out', activeLow: true });
    const [asIs, wanted] = requests;
    expect([u32(asIs, 0), u32(asIs, 288), u32(asIs, 296)]).toEqual([27, 2, 0]);
    expect([u32(wanted, 288), u32(wanted, 320), u32(wanted, 328)]).toEqual([2 | 8, 2, 1]);
    expect(closed).toEqual([CHIP_FD, LINE_FD, CHIP_FD]);
  });

  test('what was an input begins inactive', async () => {
    const { port, requests } = fakeKernel({ active: true });
    await port.request({ line: 'gpio17', direction: 'out' });
    expect(requests.map((bytes) => u32(bytes, 328))).toEqual([0]);
  });

  test('a line by chip and offset', async () => {
    const { port, opened, requests } = fakeKernel();
    await port.request({ line: 'gpiochip0:3', direction: 'in' });
    expect([opened, u32(requests[0], 0)]).toEqual([['/dev/gpiochip0'], 3]);
  });

  test('values are read and written, and closing gives the line back once', async () => {
    const { port, written, closed } = fakeKernel({ active: true });
    const line = await port.request({ line: 'gpio17', direction: 'out', initial: false });
    await line.write(true);
    await line.write(false);
    expect(await line.read()).toBe(true);
    expect(written).toEqual([1, 0]);
    await line.close();
    await line.close();
    expect(closed).toEqual([CHIP_FD, LINE_FD]);
    await expect(line.write(true)).rejects.toMatchObject({ name: 'Unavailable', message: 'gpio17 was closed' });
  });

  test('edges come with the time of the kernel, and tell of lost ones', async () => {
    const { port, hear, end } = fakeKernel();
    const line = await port.request({ line: 'gpio17', direction: 'in', edges: true });
    const edges: unknown[] = [];
    const failures: unknown[] = [];
    line.watch({ edge: (edge) => edges.push(edge), fail: (error) => failures.push(error) });
    const both = new Uint8Array([...event(1, true, 1_500_000_000n), ...event(4, false, 1_500_250_000n)]);
    // Records may come in pieces.
    hear(both.subarray(0, 60));
    hear(both.subarray(60));
    expect(edges).toEqual([
      { active: true, atMs: 1_500, lost: 0 },
      { active: false, atMs: 1_500.25, lost: 2 },
    ]);
    end();
    expect(failures).toMatchObject([{ name: 'Unavailable', message: 'gpio17 is gone' }]);
  });

  test('a line that stays active is told once', async () => {
    const { port, hear, clock } = fakeKernel();
    const line = await port.request({ line: 'gpio17', direction: 'in', edges: true });
    const told: string[] = [];
    line.watch({
      edge: () => undefined,
      fail: () => undefined,
      still: { afterMs: 1_000, hear: () => told.push('still') },
    });
    hear(event(1, true, 0n));
    await clock.advance(999);
    hear(event(2, false, 1n));
    await clock.advance(5_000);
    expect(told).toEqual([]);
    hear(event(3, true, 2n));
    await clock.advance(5_000);
    expect(told).toEqual(['still']);
    await line.close();
    expect(clock.pending).toBe(0);
  });

  test.each([
    [16, 'gpio5', { code: 'HB104', message: 'gpio5 is used by spi0 CS1' }],
    [16, 'gpio17', { code: 'HB104', message: 'gpio17 is used by the kernel or another program' }],
    [22, 'gpio17', { name: 'OptionsError' }],
    [19, 'gpio17', { name: 'Unavailable', message: 'gpio17 does not answer: its chip is gone' }],
  ])('error %i for %s', async (refuse, line, error) => {
    const { port, closed } = fakeKernel({ refuse });
    await expect(port.request({ line, direction: 'in' })).rejects.toMatchObject(error);
    expect(closed).toEqual([CHIP_FD]);
  });

  test('a line that nobody has is an OptionsError', async () => {
    const { port } = fakeKernel();
    await expect(port.request({ line: 'gpio99', direction: 'in' })).rejects.toMatchObject({ name: 'OptionsError' });
    await expect(port.request({ line: 'gpiochip0:8', direction: 'in' })).rejects.toMatchObject({
      message: 'there is no gpiochip0:8: gpiochip0 (raspberrypi-exp-gpio) has lines 0 to 7',
    });
  });
});
