import { close, closeSync, constants, open, openSync, read } from 'node:fs';

/** Longest file that a driver may read. */
export const MAX_BYTES = 1_048_576;
const CHUNK = 16_384;
/** What the kernel gives of an attribute at once. */
const PAGE = 4_096;
/** Buffers for attributes that wait for their next use. */
const MOST_SPARE = 8;
/** O_NONBLOCK, because opening a named pipe or a serial line can wait for ever. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

/** The whole file. Ends with the signal's reason when that aborts, though the kernel may still be at work. */
export function readWhole(path: string, signal?: AbortSignal): Promise<Uint8Array> {
  return untilAborted(signal, (resolve, reject) => {
    open(path, FLAGS, (failed, fd) => {
      if (failed !== null) return reject(failed);
      readOn(fd, [], (error, bytes) => close(fd, () => (error === null ? resolve(bytes) : reject(error))));
    });
  });
}

/**
 * A text that the kernel makes in /sys. Opening and closing it never leaves the kernel's memory; only reading, which may
 * wait for a bus, needs a thread: one trip instead of four. The kernel gives an attribute in one piece.
 */
export function makeAttributeReader(): (path: string, signal?: AbortSignal) => Promise<string> {
  const spare: Buffer[] = [];
  return (path, signal) =>
    untilAborted(signal, (resolve, reject) => {
      const fd = openSync(path, FLAGS);
      const buffer = spare.pop() ?? Buffer.allocUnsafeSlow(PAGE);
      const end = (error: Error | null, bytes: Uint8Array) => {
        closeSync(fd);
        if (error === null) resolve(plainText(bytes));
        else reject(error);
        if (spare.length < MOST_SPARE) spare.push(buffer);
      };
      read(fd, buffer, 0, PAGE, null, (error, count) => {
        if (error !== null || count < PAGE) end(error, buffer.subarray(0, count));
        else readOn(fd, [buffer], end);
      });
    });
}

/** Kernel text: without the trailing newlines and NUL bytes. */
export function plainText(bytes: Uint8Array): string {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 10 || bytes[end - 1] === 0)) end -= 1;
  return Buffer.from(bytes.buffer, bytes.byteOffset, end).toString('utf8');
}

/** The error of a file that is larger than a driver may read. */
export function fileTooLarge(): Error {
  return Object.assign(new Error('file too large'), { code: 'EFBIG' });
}

type Work<T> = (resolve: (value: T) => void, reject: (error: unknown) => void) => void;

/** What `work` settles with; the reason of the signal when it aborts first. */
function untilAborted<T>(signal: AbortSignal | undefined, work: Work<T>): Promise<T> {
  if (signal === undefined) return new Promise(work);
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort);
    const settle = <V>(how: (value: V) => void) => {
      return (value: V) => {
        signal.removeEventListener('abort', onAbort);
        how(value);
      };
    };
    const fail = settle(reject);
    try {
      work(settle(resolve), fail);
    } catch (error) {
      fail(error);
    }
  });
}

/** Reads to the end with callbacks: a third of the cost of a FileHandle, and /proc gives no size beforehand. */
function readOn(fd: number, chunks: Uint8Array[], done: (error: Error | null, bytes: Uint8Array) => void): void {
  const buffer = Buffer.allocUnsafe(CHUNK);
  read(fd, buffer, 0, CHUNK, null, (error, count) => {
    if (error !== null) return done(error, buffer);
    if (count > 0) chunks.push(buffer.subarray(0, count));
    if (count === 0) return done(null, joined(chunks));
    if (total(chunks) > MAX_BYTES) return done(fileTooLarge(), buffer);
    readOn(fd, chunks, done);
  });
}

function total(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const [first] = chunks;
  return first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks);
}
