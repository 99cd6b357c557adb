import { constants } from 'node:fs';
import { reasonOf, Unavailable } from '../../kit/errors.ts';
import { errnoName } from './errno.ts';

/** Descriptors that Node does not keep a list of, so that they can be given to a handle which closes them itself. */
export interface RawFiles {
  /** For reading and writing, without waiting, and without making it the terminal of this process. Throws with a system code. */
  open(path: string): Promise<number>;
  close(fd: number): void;
}

/** Programs that are started do not inherit it. Source: include/uapi/asm-generic/fcntl.h. */
const O_CLOEXEC = 0o2000000;

/** The C library's open and close. Throws Unavailable (HB144) without the optional package koffi. */
export async function loadRawFiles(): Promise<RawFiles> {
  try {
    const { default: koffi } = await import('koffi');
    const library = koffi.load(null);
    const open = library.func('int open(const char *path, int flags)');
    const close = library.func('int close(int fd)');
    const flags = constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK | O_CLOEXEC;
    return {
      open: (path) =>
        new Promise((resolve, reject) => {
          open.async(path, flags, (error: unknown, fd: number) => {
            if (error) reject(error);
            else if (fd >= 0) resolve(fd);
            else reject(systemError(path, errnoName(koffi.errno())));
          });
        }),
      close: (fd) => void close(fd),
    };
  } catch (error) {
    throw new Unavailable(`the package koffi does not load (${reasonOf(error).split('\n')[0]})`, {
      code: 'HB144',
      fix: 'npm ci --include=optional',
      cause: error,
    });
  }
}

function systemError(path: string, code: string): Error {
  return Object.assign(new Error(`${code}: open '${path}'`), { code });
}
