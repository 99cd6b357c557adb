import { constants, promises } from 'node:fs';
import { constants as system } from 'node:os';
import { systemCode, Unavailable } from '../../kit/errors.ts';
import {
  CHIP_INFO_BYTES,
  GPIO_GET_CHIPINFO,
  GPIO_V2_GET_LINEINFO,
  lineInfoRequest,
  parseChipInfo,
  parseLineInfo,
} from './gpio-structs.ts';
import { type Ioctl, loadIoctl } from './ioctl.ts';
import type { GpioChip, GpioChipsPort, GpioLine } from './ports.ts';

/** More lines than any chip has; a broken driver must not keep us busy. */
const MAX_LINES = 1024;

export interface GpioWorld {
  loadIoctl(): Promise<Ioctl>;
  /** Opens a character device for reading. */
  open(path: string): Promise<{ readonly fd: number; close(): Promise<void> }>;
}

const machine: GpioWorld = {
  loadIoctl,
  open: async (path) => await promises.open(path, constants.O_RDONLY | constants.O_NONBLOCK),
};

/** The GPIO chips of this machine by their character devices. It only asks: no line is requested, driven or changed. */
export function makeGpioPort(world: GpioWorld = machine): GpioChipsPort {
  let loaded: Ioctl | undefined;
  return {
    chip: async (device) => {
      const path = `/dev/${device}`;
      loaded ??= await world.loadIoctl();
      const ioctl = loaded;
      const file = await openChip(world, path);
      try {
        return chipOf(device, (request, bytes) => ask(ioctl, { fd: file.fd, path, request }, bytes));
      } finally {
        await file.close();
      }
    },
  };
}

type Ask = (request: number, bytes: Uint8Array) => Uint8Array;

function chipOf(device: string, ask: Ask): GpioChip {
  const { label, name, lines: count } = parseChipInfo(ask(GPIO_GET_CHIPINFO, new Uint8Array(CHIP_INFO_BYTES)));
  const lines: GpioLine[] = [];
  for (let offset = 0; offset < Math.min(count, MAX_LINES); offset += 1) {
    lines.push(parseLineInfo(ask(GPIO_V2_GET_LINEINFO, lineInfoRequest(offset))));
  }
  return { device, label: label === '' ? name : label, lines };
}

async function openChip(world: GpioWorld, path: string) {
  try {
    return await world.open(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    if (code === 'EACCES' || code === 'EPERM') {
      throw new Unavailable(`this user may not open ${path}`, {
        code: 'HB102',
        fix: 'sudo usermod -aG gpio $USER',
        cause: error,
      });
    }
    throw new Unavailable(`cannot open ${path}: ${code === 'ENOENT' ? 'there is no such chip' : code}`, {
      cause: error,
    });
  }
}

interface Question {
  readonly fd: number;
  readonly path: string;
  readonly request: number;
}

function ask(ioctl: Ioctl, { fd, path, request }: Question, bytes: Uint8Array): Uint8Array {
  const failed = ioctl(fd, request, bytes);
  if (failed === 0) return bytes;
  const [name = String(failed)] = Object.entries(system.errno).find(([, number]) => number === failed) ?? [];
  if (name === 'EINVAL' && request === GPIO_V2_GET_LINEINFO) {
    throw new Unavailable(`${path}: this kernel is older than 5.10 and cannot tell about its lines`);
  }
  throw new Unavailable(`${path} does not answer: ${name === 'ENOTTY' ? 'it is no GPIO chip' : name}`);
}
