/** One thing that a program did to the files below a folder; paths are relative to it. Times: wall clock, ms. */
export type DiskAct =
  | { readonly act: 'make'; readonly path: string; readonly isEmptied: boolean; readonly at: number }
  | { readonly act: 'folder'; readonly path: string; readonly at: number }
  | {
      readonly act: 'write';
      readonly path: string;
      readonly bytes: Buffer;
      readonly offset: number;
      readonly at: number;
    }
  | { readonly act: 'cut'; readonly path: string; readonly length: number; readonly at: number }
  | { readonly act: 'move'; readonly path: string; readonly to: string; readonly at: number }
  | { readonly act: 'remove'; readonly path: string; readonly at: number }
  /** A sync that has ended; it holds for what was done before `since` acts had happened. */
  | { readonly act: 'sync'; readonly path: string; readonly since: number; readonly at: number };

/** What strace is asked for, so that `readTrace` understands it. */
export const STRACE: readonly string[] = [
  'strace',
  '-f',
  '-ttt',
  '-y',
  '-xx',
  ...['-s', '4194304'],
  '--seccomp-bpf',
  ...[
    '-e',
    'trace=openat,write,pwrite64,writev,pwritev,pwritev2,ftruncate,fallocate,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,fsync,fdatasync',
  ],
];

const LINE = /^(\d+) +(\d+\.\d+) (.*)$/;

/** Reads the output of strace: everything below `folder`, in order. Throws for a call that it does not understand. */
export function readTrace(text: string, folder: string): readonly DiskAct[] {
  const reader = new Reader(folder);
  for (const line of text.split('\n')) {
    const [, thread = '', seconds = '', call = ''] = LINE.exec(line) ?? [];
    if (thread !== '') reader.read(thread, Number(seconds) * 1_000, call);
  }
  return reader.acts;
}

class Reader {
  readonly acts: DiskAct[] = [];
  readonly #folder: string;
  /** Calls that have begun and not ended, by thread; with the number of acts before them. */
  readonly #open = new Map<string, { readonly text: string; readonly since: number }>();
  /** Where the next write goes, by descriptor. */
  readonly #offsets = new Map<string, number>();
  readonly #appends = new Set<string>();
  readonly #sizes = new Map<string, number>();

  constructor(folder: string) {
    this.#folder = `${folder}/`;
  }

  read(thread: string, at: number, text: string): void {
    const begun = / <unfinished \.\.\.>$/.exec(text);
    if (begun !== null) {
      this.#open.set(thread, { text: text.slice(0, begun.index), since: this.acts.length });
      return;
    }
    const rest = /^<\.\.\. \w+ resumed>(.*)$/s.exec(text)?.[1];
    const before = this.#open.get(thread);
    if (rest !== undefined) this.#open.delete(thread);
    const whole = rest === undefined ? text : `${before?.text ?? ''}${rest}`;
    this.#call(whole, at, rest === undefined ? this.acts.length : (before?.since ?? 0));
  }

  #call(text: string, at: number, since: number): void {
    const [, name = '', args = '', result = ''] = /^(\w+)\((.*)\) += (\S+).*$/s.exec(text) ?? [];
    if (name === '' || result.startsWith('-') || result === '?') return;
    if (name === 'openat') this.#opened(args, result, text, at);
    else if (/^p?writev?2?$|^pwrite64$/.test(name)) this.#written(name, args, Number(result), at);
    else if (name === 'ftruncate') this.#cut(args, at);
    else if (name === 'fallocate') this.#grown(args, at);
    else if (name.startsWith('rename')) this.#moved(args, at);
    else if (name.startsWith('unlink')) this.#told('remove', args, at);
    else if (name.startsWith('mkdir')) this.#told('folder', args, at);
    else if (name === 'fsync' || name === 'fdatasync') this.#synced(args, since, at);
  }

  #opened(args: string, result: string, text: string, at: number): void {
    const [path] = this.#paths(args);
    const descriptor = /= (\d+)</.exec(text)?.[1] ?? result;
    if (path === undefined) return;
    this.#offsets.set(descriptor, 0);
    if (args.includes('O_APPEND')) this.#appends.add(descriptor);
    else this.#appends.delete(descriptor);
    const isEmptied = args.includes('O_TRUNC');
    if (!args.includes('O_CREAT') && !isEmptied) return;
    if (isEmptied) this.#sizes.set(path, 0);
    this.acts.push({ act: 'make', path, isEmptied, at });
  }

  #written(name: string, args: string, length: number, at: number): void {
    const [descriptor, path] = this.#file(args);
    if (path === undefined) return;
    const bytes = Buffer.concat(
      [...args.matchAll(/(?:^|[^<\w])"((?:\\x[0-9a-f]{2})*)"/g)].map(([, hex = '']) => bytesOf(hex)),
    );
    if (bytes.length < length) throw new Error(`the trace of ${path} is cut: ${bytes.length} of ${length} bytes`);
    const isPlaced = name.startsWith('p');
    const end = this.#appends.has(descriptor) ? (this.#sizes.get(path) ?? 0) : (this.#offsets.get(descriptor) ?? 0);
    const place = name === 'pwritev2' ? /, (\d+), \w+$/ : /, (\d+)$/;
    const offset = isPlaced ? Number(place.exec(args)?.[1]) : end;
    if (!isPlaced) this.#offsets.set(descriptor, offset + length);
    this.#sizes.set(path, Math.max(this.#sizes.get(path) ?? 0, offset + length));
    this.acts.push({ act: 'write', path, bytes: bytes.subarray(0, length), offset, at });
  }

  #cut(args: string, at: number): void {
    const [, path] = this.#file(args);
    const length = Number(/, (\d+)$/.exec(args)?.[1]);
    if (path === undefined) return;
    this.#sizes.set(path, length);
    this.acts.push({ act: 'cut', path, length, at });
  }

  #grown(args: string, at: number): void {
    const [, path] = this.#file(args);
    const [, mode = '', offset = '0', length = '0'] = /, (\w+), (\d+), (\d+)$/.exec(args) ?? [];
    const end = Number(offset) + Number(length);
    if (path === undefined || mode !== '0' || end <= (this.#sizes.get(path) ?? 0)) return;
    this.#sizes.set(path, end);
    this.acts.push({ act: 'cut', path, length: end, at });
  }

  #moved(args: string, at: number): void {
    const [path, to] = this.#paths(args);
    if (path === undefined || to === undefined) return;
    this.#sizes.set(to, this.#sizes.get(path) ?? 0);
    this.#sizes.delete(path);
    this.acts.push({ act: 'move', path, to, at });
  }

  #told(act: 'folder' | 'remove', args: string, at: number): void {
    const [path] = this.#paths(args);
    if (path === undefined) return;
    this.#sizes.delete(path);
    this.acts.push({ act, path, at });
  }

  #synced(args: string, since: number, at: number): void {
    const [, path] = this.#file(args, true);
    if (path !== undefined) this.acts.push({ act: 'sync', path, since, at });
  }

  /** The descriptor and the path behind it: `18<\x2f...>`. */
  #file(args: string, mayBeTop = false): readonly [string, string | undefined] {
    const [, descriptor = '', name = ''] = /^(\d+)<([^>]*)>/.exec(args) ?? [];
    const full = name.startsWith('\\x') ? bytesOf(name).toString() : name;
    if (mayBeTop && `${full}/` === this.#folder) return [descriptor, ''];
    return [descriptor, this.#below(full)];
  }

  /** The texts among the arguments that are paths below the folder. */
  #paths(args: string): string[] {
    return [...args.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].flatMap(
      ([, hex = '']) => this.#below(bytesOf(hex).toString()) ?? [],
    );
  }

  #below(path: string): string | undefined {
    return path.startsWith(this.#folder) ? path.slice(this.#folder.length) : undefined;
  }
}

function bytesOf(escaped: string): Buffer {
  return Buffer.from(escaped.replaceAll('\\x', ''), 'hex');
}
