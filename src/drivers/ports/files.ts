import { close, constants, open, promises, read, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode, Unavailable } from '../../kit/errors.ts';
import type { FilesPort } from './ports.ts';

/** Longest file that a driver may read. */
export const MAX_BYTES = 1_048_576;
const CHUNK = 16_384;
const MAX_LINKS = 40;

/** Read at once: the kernel answers from memory in microseconds, and four trips to a thread cost ten times as much. */
const instant: ReadonlySet<string> = new Set([
  '/proc/loadavg',
  '/proc/meminfo',
  '/proc/net/dev',
  '/proc/net/fib_trie',
  '/proc/net/route',
  '/proc/stat',
  '/proc/uptime',
]);

const words: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EAGAIN: 'the device is busy',
  EINVAL: 'the device has no valid value',
  EIO: 'the device gives an input/output error',
  EISDIR: 'it is a directory',
  ELOOP: 'too many symbolic links',
  ENODATA: 'the device has no value',
  ENODEV: 'the device is gone',
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of the path is not a directory',
  ENXIO: 'the device does not answer',
  EPERM: 'permission denied',
  ETIMEDOUT: 'the device did not answer in time',
};

/** The error for a path that cannot be read, by its system code. */
export function cannotRead(path: string, code: string, cause?: unknown): Unavailable {
  const refused = code === 'EACCES' || code === 'EPERM';
  return new Unavailable(`cannot read ${path}: ${words[code] ?? code}`, {
    ...(refused ? { code: 'HB102', fix: `join the group that may read it: ls -l ${path}` } : {}),
    ...(cause === undefined ? {} : { cause }),
  });
}

function readingError(path: string, error: unknown): unknown {
  const code = systemCode(error);
  if (code === 'EFBIG') return tooLarge(path);
  return code === undefined ? error : cannotRead(path, code, error);
}

export function tooLarge(path: string): Unavailable {
  return new Unavailable(`cannot read ${path}: it is larger than 1 MB`);
}

/** The files of this machine, below `root`; symbolic links stay inside it. */
export function makeFilesPort(root = '/'): FilesPort {
  const place = root === '/' ? async (path: string) => path : (path: string) => resolveInside(root, path);
  const bytes = async (path: string, signal?: AbortSignal): Promise<Uint8Array> => {
    signal?.throwIfAborted();
    try {
      if (root === '/' && instant.has(path)) return limited(readFileSync(path));
      const reading = readWhole(await place(path));
      return await (signal === undefined ? reading : orAborted(reading, signal));
    } catch (error) {
      throw signal?.aborted === true ? signal.reason : readingError(path, error);
    }
  };
  return {
    bytes,
    text: async (path, signal) => plainText(await bytes(path, signal)),
    list: async (path) => await orElse([], async () => (await promises.readdir(await place(path))).sort()),
    exists: async (path) => await allows(place, path, constants.F_OK),
    readable: async (path) => await allows(place, path, constants.R_OK),
    link: async (path) =>
      await orElse(undefined, async () => {
        const real = await promises.realpath(await place(path));
        return root === '/' ? real : real.slice((await promises.realpath(root)).length) || '/';
      }),
    space: async (path) => {
      try {
        const { bsize, blocks, bfree, bavail } = await promises.statfs(await place(path));
        return { size: blocks * bsize, free: bfree * bsize, available: bavail * bsize };
      } catch (error) {
        throw readingError(path, error);
      }
    },
  };
}

/** Kernel text: without the trailing newlines and NUL bytes. */
export function plainText(bytes: Uint8Array): string {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 10 || bytes[end - 1] === 0)) end -= 1;
  return Buffer.from(bytes.buffer, bytes.byteOffset, end).toString('utf8');
}

async function orElse<T>(other: T, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return other;
  }
}

async function allows(place: (path: string) => Promise<string>, path: string, mode: number): Promise<boolean> {
  return await orElse(false, async () => {
    await promises.access(await place(path), mode);
    return true;
  });
}

async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/**
 * Reads to the end with callbacks: a third of the cost of a FileHandle, and /proc gives no size beforehand.
 * O_NONBLOCK, because opening a named pipe or a serial line can wait for ever.
 */
function readWhole(path: string): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    open(path, constants.O_RDONLY | constants.O_NONBLOCK, (failed, fd) => {
      if (failed !== null) return reject(failed);
      readOn(fd, [], (error, bytes) => close(fd, () => (error === null ? resolve(bytes) : reject(error))));
    });
  });
}

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

function limited(bytes: Uint8Array): Uint8Array {
  if (bytes.length > MAX_BYTES) throw fileTooLarge();
  return bytes;
}

function fileTooLarge(): Error {
  return Object.assign(new Error('file too large'), { code: 'EFBIG' });
}

function total(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const [first] = chunks;
  return first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks);
}

/** The path below `root` with each link on the way followed as if `root` were `/`. */
async function resolveInside(root: string, path: string): Promise<string> {
  let at = '/';
  let rest = path.split('/');
  for (let links = 0; rest.length > 0; ) {
    const [part = '', ...more] = rest;
    rest = more;
    const next = join(at, part);
    const target = await targetOf(join(root, next));
    if (target === undefined) {
      at = next;
      continue;
    }
    links += 1;
    if (links > MAX_LINKS) throw Object.assign(new Error(`too many links in ${path}`), { code: 'ELOOP' });
    if (target.startsWith('/')) at = '/';
    rest = [...target.split('/'), ...rest];
  }
  return join(root, at);
}

async function targetOf(path: string): Promise<string | undefined> {
  try {
    return await promises.readlink(path);
  } catch (error) {
    // EINVAL: not a link. Anything else shows when the file itself is opened.
    if (systemCode(error) === undefined) throw error;
    return undefined;
  }
}
