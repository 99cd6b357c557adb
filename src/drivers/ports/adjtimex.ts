import { endianness } from 'node:os';
import { Unavailable } from '../../kit/errors.ts';

/** What the kernel knows of its clock. Source: adjtimex(2). */
export interface KernelClock {
  readonly synced: boolean;
  readonly errorMs?: number;
}

/** Not disciplined by anybody. */
const STA_UNSYNC = 0x0040;
/** The kernel gives this when it knows nothing, in microseconds. */
const UNKNOWN_ERROR_US = 16_000_000;
/** Larger than struct timex on any machine: 208 bytes on 64-bit, 128 on 32-bit. */
const STRUCT_BYTES = 256;

/** Fills a struct timex and returns the state of the clock, -1 when refused. */
export type Adjtimex = (timex: Uint8Array) => number;

/** Loads the C library's adjtimex; throws Unavailable HB144 without koffi. */
export async function loadAdjtimex(): Promise<Adjtimex> {
  try {
    const koffi = (await import('koffi')).default;
    const call = koffi.load(null).func('int adjtimex(uint8_t *timex)');
    return (timex) => Number(call(timex));
  } catch (error) {
    throw new Unavailable('the kernel clock cannot be asked without the package koffi', {
      code: 'HB144',
      fix: 'npm ci --include=optional',
      cause: error,
    });
  }
}

/** Asks, and changes nothing (`modes` stays 0). Undefined when this process may not ask. */
export function kernelClock(adjtimex: Adjtimex, wordBytes: 4 | 8): KernelClock | undefined {
  const timex = new Uint8Array(STRUCT_BYTES);
  if (adjtimex(timex) < 0) return undefined;
  // unsigned modes; long offset, freq, maxerror, esterror; int status: longs are aligned to their size.
  const at = (long: number) => wordBytes * (1 + long);
  const view = new DataView(timex.buffer);
  const little = endianness() === 'LE';
  const long = (index: number) =>
    wordBytes === 8 ? Number(view.getBigInt64(at(index), little)) : view.getInt32(at(index), little);
  const synced = (view.getInt32(at(4), little) & STA_UNSYNC) === 0;
  const errorUs = long(2);
  const isKnown = synced && errorUs >= 0 && errorUs < UNKNOWN_ERROR_US;
  return isKnown ? { synced, errorMs: errorUs / 1_000 } : { synced };
}
