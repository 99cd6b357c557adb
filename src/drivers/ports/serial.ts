import { type Clock, makeSystemClock } from '../../kit/clock.ts';
import { OptionsError, systemCode, Unavailable } from '../../kit/errors.ts';
import { errnoName } from './errno.ts';
import { type Ioctl, loadIoctl } from './ioctl.ts';
import { openPollable } from './pollable.ts';
import { loadRawFiles, type RawFiles } from './raw-files.ts';
import type { SerialPort, SerialSettings } from './serial-line.ts';
import { SerialStream } from './serial-stream.ts';
import { makeRaw, TCGETS2, TCSETS2, TERMIOS_BYTES, TIOCEXCL } from './termios.ts';

/** The serial ports of this machine, by the kernel's terminals. */
export function makeSerialPort(clock: Clock = makeSystemClock()): SerialPort {
  let loaded: { readonly ioctl: Ioctl; readonly files: RawFiles } | undefined;
  return {
    open: async (path, settings) => {
      loaded ??= { ioctl: await loadIoctl(), files: await loadRawFiles() };
      const { ioctl, files } = loaded;
      const fd = await files.open(path).catch((error: unknown) => {
        throw openError(path, error);
      });
      try {
        setUp(ioctl, { fd, path }, settings);
      } catch (error) {
        files.close(fd);
        throw error;
      }
      return new SerialStream(path, clock, (heard) => openPollable(fd, heard));
    },
  };
}

interface Port {
  readonly fd: number;
  readonly path: string;
}

function setUp(ioctl: Ioctl, port: Port, { baud }: SerialSettings): void {
  const termios = new Uint8Array(TERMIOS_BYTES);
  ask(ioctl, port, TCGETS2, termios);
  ask(ioctl, port, TIOCEXCL, new Uint8Array(4));
  ask(ioctl, port, TCSETS2, makeRaw(termios, baud));
}

function ask(ioctl: Ioctl, { fd, path }: Port, request: number, bytes: Uint8Array): void {
  const failed = ioctl(fd, request, bytes);
  if (failed === 0) return;
  const name = errnoName(failed);
  if (name === 'ENOTTY') throw new OptionsError(`${path} is no serial port`, { fix: 'hanbus scan' });
  throw new Unavailable(`${path} cannot be set up: ${name}`, { code: 'HB106' });
}

function openError(path: string, error: unknown): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  if (code === 'EACCES' || code === 'EPERM') {
    const fix = 'sudo usermod -aG dialout $USER';
    return new Unavailable(`this user may not open ${path}`, { code: 'HB102', fix, cause: error });
  }
  if (code === 'EBUSY') return new Unavailable(`${path} is used by another program`, { code: 'HB104', cause: error });
  const why = ['ENOENT', 'ENXIO', 'ENODEV', 'EIO'].includes(code) ? 'nothing is plugged in' : code;
  return new Unavailable(`cannot open ${path}: ${why}`, { code: 'HB106', cause: error });
}
