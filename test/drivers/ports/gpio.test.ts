import { closeSync, openSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type GpioWorld, makeGpioPort } from '../../../src/drivers/ports/gpio.ts';
import {
  CHIP_INFO_BYTES,
  GPIO_GET_CHIPINFO,
  GPIO_V2_GET_LINEINFO,
  LINE_INFO_BYTES,
  lineInfoRequest,
  parseChipInfo,
  parseLineInfo,
} from '../../../src/drivers/ports/gpio-structs.ts';
import { type Ioctl, loadIoctl } from '../../../src/drivers/ports/ioctl.ts';
import { Unavailable } from '../../../src/kit/errors.ts';

// What the C compiler makes of linux/gpio.h (structures filled by a small program); bytes at the end that are 0 are left out.
const chipBytes =
  '6770696f6368697030000000000000000000000000000000000000000000000070696e6374726c2d62636d3237313100' +
  '000000000000000000000000000000003a';
const freeLine =
  '4750494f3137000000000000000000000000000000000000000000000000000000000000000000000000000000000000' +
  '00000000000000000000000000000000110000000000000004';
const usedLine =
  '4750494f340000000000000000000000000000000000000000000000000000006f6e6577697265403400000000000000' +
  '00000000000000000000000000000000040000000100000049010000000000000300000000000000204e';
const fullLine =
  '4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e43434343434343434343434343434343' +
  '434343434343434343434343434343433f';

function bytesOf(hex: string, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes.set(Buffer.from(hex, 'hex'));
  return bytes;
}

const ENOTTY = 25;
const EINVAL = 22;

/** A kernel with one chip of `count` lines; line 4 is used. Keeps what was asked. */
function fakeKernel(count = 6) {
  const asked: { request: number; offset: number }[] = [];
  let open = 0;
  const ioctl: Ioctl = (_fd, request, bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    if (request === GPIO_GET_CHIPINFO) {
      bytes.set(bytesOf(chipBytes, CHIP_INFO_BYTES));
      view.setUint32(64, count, true);
      return 0;
    }
    const offset = view.getUint32(64, true);
    asked.push({ request, offset });
    bytes.set(bytesOf(offset === 4 ? usedLine : freeLine, LINE_INFO_BYTES));
    view.setUint32(64, offset, true);
    return 0;
  };
  const world: GpioWorld = {
    loadIoctl: async () => ioctl,
    open: async () => {
      open += 1;
      return {
        fd: 9,
        close: async () => {
          open -= 1;
        },
      };
    },
  };
  return { world, asked, stillOpen: () => open };
}

const systemError = (code: string) => Object.assign(new Error(code), { code });

describe('structures of the GPIO character device', () => {
  it('have the numbers and sizes of the kernel', () => {
    expect([GPIO_GET_CHIPINFO, GPIO_V2_GET_LINEINFO]).toEqual([0x8044b401, 0xc100b405]);
    // The size stands in bits 16 to 29 of the request.
    expect((GPIO_GET_CHIPINFO >>> 16) & 0x3fff).toBe(CHIP_INFO_BYTES);
    expect((GPIO_V2_GET_LINEINFO >>> 16) & 0x3fff).toBe(LINE_INFO_BYTES);
  });

  it('decode a chip', () => {
    const chip = parseChipInfo(bytesOf(chipBytes, CHIP_INFO_BYTES));
    expect(chip).toEqual({ name: 'gpiochip0', label: 'pinctrl-bcm2711', lines: 58 });
  });

  it('decode a free input', () => {
    const line = parseLineInfo(bytesOf(freeLine, LINE_INFO_BYTES));
    expect(line).toEqual({ offset: 17, name: 'GPIO17', consumer: '', used: false, direction: 'in' });
  });

  it('decode a used output with attributes behind it', () => {
    const line = parseLineInfo(bytesOf(usedLine, LINE_INFO_BYTES));
    expect(line).toEqual({ offset: 4, name: 'GPIO4', consumer: 'onewire@4', used: true, direction: 'out' });
  });

  it('end a name that fills its field at the end of the field', () => {
    const line = parseLineInfo(bytesOf(fullLine, LINE_INFO_BYTES));
    expect(line).toMatchObject({ offset: 63, name: 'N'.repeat(32), consumer: 'C'.repeat(32) });
  });

  it('read bytes in the middle of a buffer', () => {
    const wide = new Uint8Array(LINE_INFO_BYTES + 8);
    wide.set(bytesOf(usedLine, LINE_INFO_BYTES), 8);
    expect(parseLineInfo(wide.subarray(8)).offset).toBe(4);
  });

  it('ask for one line', () => {
    const bytes = lineInfoRequest(300);
    expect([bytes.length, bytes[64], bytes[65]]).toEqual([LINE_INFO_BYTES, 300 & 255, 1]);
  });
});

describe('GPIO port', () => {
  it('asks for every line and requests none', async () => {
    const { world, asked, stillOpen } = fakeKernel();
    const chip = await makeGpioPort(world).chip('gpiochip0');
    expect(chip).toMatchObject({ device: 'gpiochip0', label: 'pinctrl-bcm2711' });
    expect(chip.lines.map(({ offset, used }) => [offset, used])).toEqual([
      ...[0, 1, 2, 3].map((offset) => [offset, false]),
      [4, true],
      [5, false],
    ]);
    expect(asked).toEqual([0, 1, 2, 3, 4, 5].map((offset) => ({ request: GPIO_V2_GET_LINEINFO, offset })));
    expect(stillOpen()).toBe(0);
  });

  it('does not follow a driver that has lost count', async () => {
    const { world } = fakeKernel(4_000_000_000);
    expect((await makeGpioPort(world).chip('gpiochip0')).lines).toHaveLength(1024);
  });

  it.each([
    ['EACCES', { code: 'HB102', fix: 'sudo usermod -aG gpio $USER' }],
    ['EPERM', { code: 'HB102' }],
    ['ENOENT', { code: 'HB141', message: 'cannot open /dev/gpiochip9: there is no such chip' }],
    ['EBUSY', { code: 'HB141' }],
  ])('says why it cannot open: %s', async (code, facts) => {
    const open = async () => {
      throw systemError(code);
    };
    const error = await makeGpioPort({ ...fakeKernel().world, open })
      .chip('gpiochip9')
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Unavailable);
    expect(error).toMatchObject(facts);
  });

  it.each([
    ['chip', ENOTTY, 'it is no GPIO chip'],
    ['line', EINVAL, 'older than 5.10'],
    ['chip', 19, 'ENODEV'],
    ['chip', 9999, '9999'],
  ])('says why the %s does not answer: %i', async (part, code, words) => {
    const { world, stillOpen } = fakeKernel();
    const good = await world.loadIoctl();
    const ioctl: Ioctl = (fd, request, bytes) =>
      (part === 'chip') === (request === GPIO_GET_CHIPINFO) ? code : good(fd, request, bytes);
    await expect(makeGpioPort({ ...world, loadIoctl: async () => ioctl }).chip('gpiochip0')).rejects.toThrow(words);
    expect(stillOpen()).toBe(0);
  });

  it('passes on that koffi is missing, and tries again the next time', async () => {
    const { world } = fakeKernel();
    let tries = 0;
    const load = async () => {
      tries += 1;
      if (tries === 1) throw new Unavailable('the package koffi does not load', { code: 'HB144' });
      return await world.loadIoctl();
    };
    const port = makeGpioPort({ ...world, loadIoctl: load });
    await expect(port.chip('gpiochip0')).rejects.toMatchObject({ code: 'HB144' });
    await port.chip('gpiochip0');
    await port.chip('gpiochip0');
    expect(tries).toBe(2);
  });
});

describe('ioctl of this machine', () => {
  it('fills the bytes it is given, in the middle of a buffer too', async () => {
    const ioctl = await loadIoctl();
    const FIONREAD = 0x541b;
    const path = new URL(import.meta.url).pathname;
    const fd = openSync(path, 'r');
    const wide = new Uint8Array(16);
    try {
      expect(ioctl(fd, FIONREAD, wide.subarray(4, 8))).toBe(0);
    } finally {
      closeSync(fd);
    }
    expect(new DataView(wide.buffer).getUint32(4, true)).toBe(readFileSync(path).length);
    expect([...wide.subarray(0, 4), ...wide.subarray(8)].every((byte) => byte === 0)).toBe(true);
  });

  it('gives the error number of the system', async () => {
    const ioctl = await loadIoctl();
    const fd = openSync('/dev/null', 'r');
    try {
      expect(ioctl(fd, GPIO_GET_CHIPINFO, new Uint8Array(CHIP_INFO_BYTES))).toBe(ENOTTY);
    } finally {
      closeSync(fd);
    }
  });
});
