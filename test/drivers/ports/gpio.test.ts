import { describe, expect, it } from 'vitest';
import { type GpioWorld, makeGpioPort } from '../../../src/drivers/ports/gpio.ts';
import {
  CHIP_INFO_BYTES,
  GPIO_GET_CHIPINFO,
  GPIO_V2_GET_LINEINFO,
  LINE_INFO_BYTES,
} from '../../../src/drivers/ports/gpio-structs.ts';
import type { Ioctl } from '../../../src/drivers/ports/ioctl.ts';
import { Unavailable } from '../../../src/kit/errors.ts';
import { bytesOf, chipBytes, freeLine, usedLine } from './gpio-bytes.ts';

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
