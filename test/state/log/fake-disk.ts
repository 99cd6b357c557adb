import { HanbusError } from '../../../src/kit/errors.ts';
import type { LogFile, LogFiles } from '../../../src/state/log/log-files.ts';

export type Operation =
  | 'create'
  | 'grow'
  | 'list'
  | 'lock'
  | 'move'
  | 'read'
  | 'remove'
  | 'reopen'
  | 'sync'
  | 'sync-folder'
  | 'write';

/** What the disk does instead: an error with this code, or only so many bytes of a write. */
export type Fault = { readonly code: string } | { readonly short: number };

interface Write {
  readonly position: number;
  readonly bytes: Buffer;
  /** Cut to `position` instead. */
  readonly isCut: boolean;
}

interface Inode {
  /** What every reader sees. */
  now: Buffer;
  /** What the disk has for certain, and what may or may not have come to it since. */
  safe: Buffer;
  later: Write[];
}

/** The disk at one moment: what a power cut then leaves is decided by `cut`. */
export interface Moment {
  readonly names: ReadonlyMap<string, Inode>;
  readonly safeNames: ReadonlyMap<string, Inode>;
}

/** 0 <= x < 1. */
export type Random = () => number;

const BLOCK = 64;

/**
 * A disk in memory. What is not synced may be lost at a power cut, in part: any block of it, and names too. After a sync
 * that failed nobody gets the lost bytes back by syncing again, as with Linux.
 */
export class FakeDisk {
  readonly files: LogFiles;
  /** Asked before each operation. */
  onOperation: (operation: Operation, path: string) => Fault | undefined = () => undefined;
  operations = 0;
  readonly #names: Map<string, Inode>;
  #safeNames: Map<string, Inode>;
  readonly #locks = new Set<string>();

  constructor(names: ReadonlyMap<string, Inode> = new Map()) {
    this.#names = new Map(names);
    this.#safeNames = new Map(names);
    this.files = this.#port();
  }

  get paths(): string[] {
    return [...this.#names.keys()].sort();
  }

  bytes(path: string): Buffer {
    return this.#inode(path).now;
  }

  damage(path: string, at: number): void {
    const inode = this.#inode(path);
    inode.now[at] = (inode.now[at] ?? 0) ^ 0x5a;
  }

  /** The machine as `kill -9` leaves it: nothing is lost, nobody has a lock. */
  afterKill(): FakeDisk {
    return new FakeDisk(copyOf(this.#names));
  }

  moment(): Moment {
    const all = new Map<Inode, Inode>();
    return { names: copyOf(this.#names, all), safeNames: copyOf(this.#safeNames, all) };
  }

  #inode(path: string): Inode {
    const inode = this.#names.get(path);
    if (inode === undefined) throw systemError('ENOENT');
    return inode;
  }

  #ask(operation: Operation, path: string): number {
    this.operations += 1;
    const fault = this.onOperation(operation, path);
    if (fault === undefined) return Number.POSITIVE_INFINITY;
    if ('short' in fault) return fault.short;
    throw systemError(fault.code);
  }

  #open(path: string, inode: Inode): LogFile {
    return {
      write: async (bytes, position) => {
        const taken = Buffer.from(bytes.subarray(0, this.#ask('write', path)));
        apply(inode, { position, bytes: taken, isCut: false });
        return taken.length;
      },
      sync: async () => {
        try {
          this.#ask('sync', path);
          inode.safe = Buffer.from(inode.now);
          // What an earlier failed sync lost is not made good: `later` was emptied then, `lost` says where.
          for (const { position, bytes } of this.#lost.get(inode) ?? [])
            inode.safe.fill(0, position, position + bytes.length);
        } catch (error) {
          this.#lost.set(inode, [...(this.#lost.get(inode) ?? []), ...inode.later]);
          throw error;
        } finally {
          inode.later = [];
        }
      },
      grow: async (length) => {
        this.#ask('grow', path);
        const more = length - inode.now.length;
        if (more > 0) apply(inode, { position: inode.now.length, bytes: Buffer.alloc(more), isCut: false });
      },
      close: async () => undefined,
    };
  }

  readonly #lost = new Map<Inode, Write[]>();

  #port(): LogFiles {
    return {
      prepare: async () => undefined,
      list: async (folder) => {
        this.#ask('list', folder);
        return this.paths.filter((path) => path.startsWith(`${folder}/`)).map((path) => path.slice(folder.length + 1));
      },
      read: async (path) => {
        this.#ask('read', path);
        return Buffer.from(this.#inode(path).now);
      },
      create: async (path) => {
        this.#ask('create', path);
        if (this.#names.has(path)) throw systemError('EEXIST');
        const inode = { now: Buffer.alloc(0), safe: Buffer.alloc(0), later: [] };
        this.#names.set(path, inode);
        return this.#open(path, inode);
      },
      reopen: async (path, length) => {
        this.#ask('reopen', path);
        const inode = this.#inode(path);
        if (inode.now.length > length) apply(inode, { position: length, bytes: Buffer.alloc(0), isCut: true });
        return this.#open(path, inode);
      },
      move: async (from, to) => {
        this.#ask('move', from);
        this.#names.set(to, this.#inode(from));
        this.#names.delete(from);
      },
      remove: async (path) => {
        this.#ask('remove', path);
        this.#names.delete(path);
      },
      syncFolder: async (folder) => {
        this.#ask('sync-folder', folder);
        this.#safeNames = new Map(this.#names);
      },
      lock: async (path) => {
        this.#ask('lock', path);
        if (this.#locks.has(path)) throw new HanbusError('HB125', 'a node uses this data already');
        this.#locks.add(path);
        return async () => void this.#locks.delete(path);
      },
    };
  }
}

/** A disk after the power failed at this moment; `random` decides what of the rest has come to it. */
export function cut({ names, safeNames }: Moment, random: Random): FakeDisk {
  const left = new Map<string, Inode>();
  for (const path of new Set([...names.keys(), ...safeNames.keys()])) {
    const [now, safe] = [names.get(path), safeNames.get(path)];
    const inode = now === safe || random() < 0.5 ? now : safe;
    if (inode === undefined) continue;
    const bytes = tear(inode, random);
    left.set(path, { now: bytes, safe: Buffer.from(bytes), later: [] });
  }
  return new FakeDisk(left);
}

/** All of the first writes and a part of the next, or any of the blocks. */
function tear({ safe, later }: Inode, random: Random): Buffer {
  const left: Inode = { now: Buffer.from(safe), safe: Buffer.alloc(0), later: [] };
  const isInOrder = random() < 0.7;
  const whole = Math.floor(random() * (later.length + 1));
  for (const [index, write] of later.entries()) {
    if (isInOrder && index > whole) break;
    if (write.isCut) apply(left, write);
    else if (!isInOrder) tearBlocks(left, write, random);
    else apply(left, { ...write, bytes: index < whole ? write.bytes : part(write.bytes, random) });
  }
  return left.now;
}

const part = (bytes: Buffer, random: Random): Buffer => bytes.subarray(0, Math.floor(random() * (bytes.length + 1)));

function tearBlocks(inode: Inode, { position, bytes }: Write, random: Random): void {
  for (let at = 0; at < bytes.length; at += BLOCK) {
    if (random() < 0.5) apply(inode, { position: position + at, bytes: bytes.subarray(at, at + BLOCK), isCut: false });
  }
}

function apply(inode: Inode, write: Write): void {
  const { position, bytes, isCut } = write;
  inode.later.push(write);
  if (isCut) {
    inode.now = Buffer.from(inode.now.subarray(0, position));
    return;
  }
  const grown = Buffer.alloc(Math.max(inode.now.length, position + bytes.length));
  inode.now.copy(grown);
  bytes.copy(grown, position);
  inode.now = grown;
}

function copyOf(names: ReadonlyMap<string, Inode>, copies = new Map<Inode, Inode>()): Map<string, Inode> {
  const copy = (inode: Inode): Inode => {
    const known = copies.get(inode);
    if (known !== undefined) return known;
    const fresh = { now: Buffer.from(inode.now), safe: Buffer.from(inode.safe), later: [...inode.later] };
    copies.set(inode, fresh);
    return fresh;
  };
  return new Map([...names].map(([path, inode]) => [path, copy(inode)]));
}

const systemError = (code: string): Error => Object.assign(new Error(`${code}: the disk refuses`), { code });
