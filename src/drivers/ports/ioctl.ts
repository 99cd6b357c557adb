import { reasonOf, Unavailable } from '../../kit/errors.ts';

/** One ioctl on an open file. The kernel reads and fills `bytes` in place. Gives 0, or the system's error number. */
export type Ioctl = (fd: number, request: number, bytes: Uint8Array) => number;

/**
 * The C library's ioctl, by the optional package koffi: loaded when first needed, nothing is compiled.
 * Throws Unavailable (HB144) when the package is not there or does not fit this machine.
 */
export async function loadIoctl(): Promise<Ioctl> {
  try {
    const { default: koffi } = await import('koffi');
    const call = koffi.load(null).func('int ioctl(int fd, unsigned long request, _Inout_ uint8_t *bytes)');
    return (fd, request, bytes) => (call(fd, request, bytes) === -1 ? koffi.errno() : 0);
  } catch (error) {
    throw new Unavailable(`the package koffi does not load (${reasonOf(error).split('\n')[0]})`, {
      code: 'HB144',
      fix: 'npm ci --include=optional',
      cause: error,
    });
  }
}
