import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { loadIoctl } from '../../../src/drivers/ports/ioctl.ts';

const TIOCSPTLCK = 0x40045431;
const TIOCGPTN = 0x80045430;

/** A terminal of the kernel without hardware: what is written at one end comes out at the other. */
export interface Pty {
  readonly path: string;
  say(text: string): void;
  /** What has come until now. */
  heard(): string;
  unplug(): void;
}

export async function openPty(): Promise<Pty> {
  const ioctl = await loadIoctl();
  const fd = openSync('/dev/ptmx', constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  ioctl(fd, TIOCSPTLCK, new Uint8Array(4));
  const number = new Uint8Array(4);
  ioctl(fd, TIOCGPTN, number);
  return {
    path: `/dev/pts/${new DataView(number.buffer).getUint32(0, true)}`,
    say: (text) => void writeSync(fd, text),
    heard: () => {
      const bytes = Buffer.alloc(1_000);
      return bytes.toString('latin1', 0, readSync(fd, bytes));
    },
    unplug: () => closeSync(fd),
  };
}
