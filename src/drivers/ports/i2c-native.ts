import { reasonOf, Unavailable } from '../../kit/errors.ts';

/** What a transfer gave: 0 or the system's error number, and the bytes that were read. */
export interface Transferred {
  readonly failed: number;
  readonly bytes: Uint8Array;
}

/** One combined transfer on an open bus, in a thread of its own: a hanging bus does not stop the process. */
export type I2cTransfer = (
  fd: number,
  address: number,
  bytes: readonly number[],
  count: number,
) => Promise<Transferred>;

/** I2C_RDWR of include/uapi/linux/i2c-dev.h. */
const I2C_RDWR = 0x707;
const I2C_M_RD = 1;

/** Where the parts of one transfer lie in memory. Pointers make it differ on 32-bit machines. */
export interface Layout {
  readonly pointerBytes: 4 | 8;
  /** Memory address of the block. */
  readonly start: bigint;
}

const MESSAGES = 2;

/** struct i2c_msg: u16 addr, u16 flags, u16 len, pointer buf. */
function messageBytes(pointerBytes: 4 | 8): number {
  return 8 + pointerBytes;
}

/** struct i2c_rdwr_ioctl_data: pointer msgs, u32 nmsgs, padded to the pointer; then two messages, then the data. */
export function blockBytes(pointerBytes: 4 | 8, written: number, read: number): number {
  return 2 * pointerBytes + MESSAGES * messageBytes(pointerBytes) + written + read;
}

/** Fills the block for "write these, then read so many"; gives where the bytes that are read will stand. */
export function fillBlock(
  block: Uint8Array,
  { pointerBytes, start }: Layout,
  address: number,
  { bytes, count }: { readonly bytes: readonly number[]; readonly count: number },
): number {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const setPointer = (at: number, value: bigint) =>
    pointerBytes === 8 ? view.setBigUint64(at, value, true) : view.setUint32(at, Number(value), true);
  const messagesAt = 2 * pointerBytes;
  const writtenAt = messagesAt + MESSAGES * messageBytes(pointerBytes);
  const readAt = writtenAt + bytes.length;
  const parts = [
    { flags: 0, at: writtenAt, length: bytes.length },
    { flags: I2C_M_RD, at: readAt, length: count },
  ].filter(({ length }) => length > 0);
  setPointer(0, start + BigInt(messagesAt));
  view.setUint32(pointerBytes, parts.length, true);
  for (const [index, { flags, at, length }] of parts.entries()) {
    const message = messagesAt + index * messageBytes(pointerBytes);
    view.setUint16(message, address, true);
    view.setUint16(message + 2, flags, true);
    view.setUint16(message + 4, length, true);
    setPointer(message + 8, start + BigInt(at));
  }
  block.set(bytes, writtenAt);
  return readAt;
}

/** Loads the C library's ioctl for I2C. Throws Unavailable (HB144) without the optional package koffi. */
export async function loadI2cTransfer(): Promise<I2cTransfer> {
  try {
    const { default: koffi } = await import('koffi');
    const call = koffi.load(null).func('int ioctl(int fd, unsigned long request, void *block)');
    const pointerBytes = koffi.sizeof('void *') === 8 ? 8 : 4;
    return async (fd, address, bytes, count) => {
      const size = blockBytes(pointerBytes, bytes.length, count);
      const memory: unknown = koffi.alloc('uint8_t', size);
      try {
        const block = new Uint8Array(koffi.view(memory, size));
        const readAt = fillBlock(block, { pointerBytes, start: koffi.address(memory) }, address, { bytes, count });
        const failed = await new Promise<number>((resolve, reject) => {
          call.async(fd, I2C_RDWR, memory, (error: unknown, result: number) => {
            if (error) reject(error);
            else resolve(result < 0 ? koffi.errno() : 0);
          });
        });
        return { failed, bytes: block.slice(readAt, readAt + count) };
      } finally {
        koffi.free(memory);
      }
    };
  } catch (error) {
    throw new Unavailable(`the package koffi does not load (${reasonOf(error).split('\n')[0]})`, {
      code: 'HB144',
      fix: 'npm ci --include=optional',
      cause: error,
    });
  }
}
