import { cannotRead, tooLarge } from './files.ts';
import type { FilesPort, Space } from './ports.ts';
import { MAX_BYTES, plainText } from './read-file.ts';

/** What stands at one path. */
export type Entry =
  | { readonly kind: 'file'; readonly bytes: Uint8Array }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'directory' }
  | { readonly kind: 'error'; readonly code: string }
  | { readonly kind: 'hang' };

/** What a simulated board starts with. */
export interface Board {
  readonly entries?: ReadonlyMap<string, Entry>;
  /** By mount point: size, free and available bytes. */
  readonly spaces: ReadonlyMap<string, readonly [size: number, free: number, available: number]>;
}

/** The files port in memory, with fault injection: unreadable, hanging and vanishing files. */
export interface SimulatedFiles extends FilesPort {
  /** Writes a file; like the three below, through the links on the way. */
  set(path: string, content: string | Uint8Array): void;
  /** Makes a symbolic link. */
  point(path: string, target: string): void;
  /** Takes away a file, a link or a folder with all that is in it. */
  remove(path: string): void;
  /** Reading the path fails with this system code from now on. */
  fail(path: string, code: string): void;
  /** Reading the path never ends from now on. */
  hang(path: string): void;
  /** Every path that was read or listed, in order. */
  readonly asked: readonly string[];
}

type Resolved = { readonly path: string; readonly entry: Entry | undefined };

const folderOf = (path: string) => path.slice(0, Math.max(path.lastIndexOf('/'), 1));

class Tree {
  readonly entries: Map<string, Entry>;

  constructor(entries: ReadonlyMap<string, Entry>) {
    this.entries = new Map([['/', { kind: 'directory' }]]);
    for (const [path, entry] of entries) this.put(path, entry);
  }

  put(path: string, entry: Entry): void {
    this.entries.set(path, entry);
    for (let up = folderOf(path); !this.entries.has(up); up = folderOf(up)) this.entries.set(up, { kind: 'directory' });
  }

  /** The path with the links above it followed, its own last part kept. */
  place(path: string): string {
    const { path: folder, entry } = this.resolve(folderOf(path));
    return entry?.kind === 'directory' ? `${folder === '/' ? '' : folder}${path.slice(path.lastIndexOf('/'))}` : path;
  }

  /** The same with a link in the last part followed too. */
  target(path: string): string {
    const place = this.place(path);
    const { path: real, entry } = this.resolve(place);
    return this.entries.get(place)?.kind === 'link' && entry !== undefined ? real : place;
  }

  remove(path: string): void {
    for (const known of [...this.entries.keys()]) {
      if (known === path || known.startsWith(`${path}/`)) this.entries.delete(known);
    }
  }

  names(folder: string): string[] {
    const start = folder === '/' ? '/' : `${folder}/`;
    const names = [...this.entries.keys()].filter((path) => path.startsWith(start) && path !== '/');
    return names.map((path) => path.slice(start.length)).filter((name) => !name.includes('/'));
  }

  /** Follows every link on the way, as the kernel does. */
  resolve(path: string, at = '', parts = partsOf(path), links = 0): Resolved {
    const [part, ...rest] = parts;
    if (part === undefined) return { path: at === '' ? '/' : at, entry: { kind: 'directory' } };
    const next = part === '..' ? folderOf(at).replace(/^\/$/, '') : `${at}/${part}`;
    const entry = this.entries.get(next === '' ? '/' : next);
    if (entry?.kind === 'directory') return this.resolve(path, next, rest, links);
    if (entry?.kind !== 'link')
      return { path: next, entry: entry?.kind === 'file' && rest.length > 0 ? notFolder : entry };
    if (links === 40) return { path, entry: looped };
    const from = entry.target.startsWith('/') ? '' : at;
    return this.resolve(path, from, [...partsOf(entry.target), ...rest], links + 1);
  }
}

const looped: Entry = { kind: 'error', code: 'ELOOP' };
const isThere = (entry: Entry | undefined) => entry !== undefined && entry !== looped;
const notFolder: Entry = { kind: 'error', code: 'ENOTDIR' };
const partsOf = (path: string) => path.split('/').filter((part) => part !== '' && part !== '.');

function forever(signal?: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** The files of a board, in memory; throws what the real port throws. */
export function makeSimulatedFiles(board: Board): SimulatedFiles {
  const tree = new Tree(board.entries ?? new Map());
  const asked: string[] = [];

  const read = async (path: string, signal?: AbortSignal): Promise<Uint8Array> => {
    signal?.throwIfAborted();
    asked.push(path);
    const { entry } = tree.resolve(path);
    if (entry === undefined) throw cannotRead(path, 'ENOENT');
    if (entry.kind === 'hang') return await forever(signal);
    if (entry.kind === 'error') throw cannotRead(path, entry.code);
    if (entry.kind !== 'file') throw cannotRead(path, 'EISDIR');
    if (entry.bytes.length > MAX_BYTES) throw tooLarge(path);
    return entry.bytes;
  };
  const bytesOf = (content: string | Uint8Array) =>
    typeof content === 'string' ? new TextEncoder().encode(content) : content;

  return {
    asked,
    bytes: read,
    text: async (path, signal) => plainText(await read(path, signal)),
    list: async (path) => {
      asked.push(path);
      const found = tree.resolve(path);
      return found.entry?.kind === 'directory' ? tree.names(found.path).sort() : [];
    },
    exists: async (path) => isThere(tree.resolve(path).entry),
    readable: async (path) => ['file', 'directory'].includes(tree.resolve(path).entry?.kind ?? ''),
    link: async (path) => {
      const found = tree.resolve(path);
      return isThere(found.entry) ? found.path : undefined;
    },
    space: async (path) => spaceOf(board, tree.resolve(path), path),
    set: (path, content) => tree.put(tree.target(path), { kind: 'file', bytes: bytesOf(content) }),
    point: (path, target) => tree.put(tree.place(path), { kind: 'link', target }),
    remove: (path) => tree.remove(tree.place(path)),
    fail: (path, code) => tree.put(tree.target(path), { kind: 'error', code }),
    hang: (path) => tree.put(tree.target(path), { kind: 'hang' }),
  };
}

async function spaceOf({ spaces }: Board, { path, entry }: Resolved, asked: string): Promise<Space> {
  if (entry === undefined) throw cannotRead(asked, 'ENOENT');
  if (entry.kind === 'hang') return await forever();
  if (entry.kind === 'error') throw cannotRead(asked, entry.code);
  for (let up = path; ; up = folderOf(up)) {
    const [size, free, available] = spaces.get(up) ?? [];
    if (size !== undefined && free !== undefined && available !== undefined) return { size, free, available };
    if (up === '/') return { size: 0, free: 0, available: 0 };
  }
}
