import { constants, promises, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode, Unavailable } from '../../kit/errors.ts';
import type { FilesPort } from './ports.ts';
import { fileTooLarge, MAX_BYTES, makeAttributeReader, plainText, readWhole } from './read-file.ts';

/** What the kernel answers for from its memory, whatever is attached: looking something up here takes microseconds. */
const KERNELS = '/sys/';
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
  const place = root === '/' ? async (path: string) => path : placeIn(root);
  const readAttribute = makeAttributeReader();
  const errors = <T>(path: string, signal: AbortSignal | undefined, work: () => Promise<T>) =>
    work().catch((error: unknown) => {
      throw signal?.aborted === true ? signal.reason : readingError(path, error);
    });
  const bytes = (path: string, signal?: AbortSignal) =>
    errors(path, signal, async () => {
      signal?.throwIfAborted();
      if (root === '/' && instant.has(path)) return limited(readFileSync(path));
      return await readWhole(await place(path), signal);
    });
  const attribute = (path: string, signal?: AbortSignal) =>
    errors(path, signal, async () => {
      signal?.throwIfAborted();
      return await readAttribute(root === '/' ? path : await place(path), signal);
    });
  return {
    bytes,
    text: async (path, signal) =>
      path.startsWith(KERNELS) ? await attribute(path, signal) : plainText(await bytes(path, signal)),
    list: async (path) => await orElse([], async () => (await promises.readdir(await place(path))).sort()),
    exists: async (path) => await allows(place, path, constants.F_OK),
    readable: async (path) => await allows(place, path, constants.R_OK),
    link: async (path) =>
      await orElse(undefined, async () => {
        if (root === '/') return path.startsWith(KERNELS) ? realpathSync.native(path) : await promises.realpath(path);
        const real = await promises.realpath(await place(path));
        return real.slice((await promises.realpath(root)).length) || '/';
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

function limited(bytes: Uint8Array): Uint8Array {
  if (bytes.length > MAX_BYTES) throw fileTooLarge();
  return bytes;
}

/** Finds the place of a path of the board below `root`. */
function placeIn(root: string): (path: string) => Promise<string> {
  let realRoot: string | undefined;
  return async (path) => {
    realRoot ??= realPath(root);
    const real = realRoot === undefined ? undefined : realPath(join(realRoot, path));
    // Links that, as they stand, do not leave the root need no second look.
    return real !== undefined && `${real}/`.startsWith(`${realRoot}/`) ? real : await resolveInside(root, path);
  };
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return undefined;
  }
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
