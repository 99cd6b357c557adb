import type { Clock } from '../kit/clock.ts';
import { reasonOf } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { DocumentFiles } from './files.ts';
import { systemFiles } from './files.ts';
import { decodeGeneration, encodeGeneration } from './generation.ts';

export interface DocumentOptions<T> {
  /** The newest generation; the one before it is `<path>.old`, damaged ones become `<path>.bad`. */
  readonly path: string;
  /** Turns what was stored into a value, or throws when it is not one. */
  readonly parse: (stored: unknown) => T;
  readonly clock: Clock;
  readonly log: Log;
  /** Changes within this time are written together; ms. Default 2 s, for the flash. */
  readonly delayMs?: number;
  readonly files?: DocumentFiles;
}

/** One JSON document that survives a power cut at any moment. */
export interface Document<T> {
  /** The last value set or read; undefined in a new document. */
  readonly value: T | undefined;
  /** False while the disk refuses; the document then goes on in memory. */
  readonly writable: boolean;
  /** What went to the disk since the start, for the flash budget. */
  readonly written: { readonly times: number; readonly bytes: number };
  /** Keeps a value now, writes it within `delayMs`. Do not change the value afterwards. */
  set(value: T): void;
  /** Resolves when everything set so far was written, or could not be. Never throws. */
  flush(): Promise<void>;
  /** Flushes and writes no more. */
  close(): Promise<void>;
}

const DELAY_MS = 2_000;
/** How long until a refused write is tried again without a new change. */
const RETRY_MS = 60_000;

/** Opens a document. Never throws: a disk that refuses is logged once (HB122) and the document lives in memory. */
export async function openDocument<T>(options: DocumentOptions<T>): Promise<Document<T>> {
  const document = new StoredDocument(options);
  await document.load();
  return document;
}

class StoredDocument<T> implements Document<T> {
  readonly #options: DocumentOptions<T>;
  readonly #files: DocumentFiles;
  #value: T | undefined;
  #generation = 0;
  #writable = true;
  #isDirty = false;
  #isClosed = false;
  #writing: Promise<void> | undefined;
  #cancel: (() => void) | undefined;
  #times = 0;
  #bytes = 0;

  constructor(options: DocumentOptions<T>) {
    this.#options = options;
    this.#files = options.files ?? systemFiles;
  }

  get value(): T | undefined {
    return this.#value;
  }

  get writable(): boolean {
    return this.#writable;
  }

  get written(): { times: number; bytes: number } {
    return { times: this.#times, bytes: this.#bytes };
  }

  /** Takes the newest generation that is whole. */
  async load(): Promise<void> {
    const { path } = this.#options;
    try {
      await this.#files.prepare(path);
    } catch (error) {
      this.#refused(error);
    }
    for (const candidate of [path, `${path}.old`]) {
      if (await this.#take(candidate)) return;
    }
  }

  set(value: T): void {
    if (this.#isClosed) return;
    this.#value = value;
    this.#isDirty = true;
    if (this.#cancel !== undefined && this.#writable) return;
    this.#arm(this.#options.delayMs ?? DELAY_MS);
  }

  async flush(): Promise<void> {
    this.#disarm();
    await this.#writing;
    if (!this.#isDirty || this.#value === undefined) return;
    this.#writing ??= this.#write(this.#value).finally(() => {
      this.#writing = undefined;
    });
    await this.#writing;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.flush();
    this.#disarm();
  }

  #arm(ms: number): void {
    this.#disarm();
    this.#cancel = this.#options.clock.after(ms, () => {
      this.#cancel = undefined;
      void this.flush();
    });
  }

  #disarm(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  async #take(path: string): Promise<boolean> {
    const { parse, log } = this.#options;
    let text: string | undefined;
    try {
      text = await this.#files.read(path);
      if (text === undefined) return false;
      const { generation, value } = decodeGeneration(text);
      this.#value = parse(value);
      this.#generation = generation;
      return true;
    } catch (error) {
      const fix = 'nothing to do; the older copy is used, the damaged file is kept for a look';
      log.warn('a state file is damaged', { code: 'HB127', path, reason: reasonOf(error), fix });
      await this.#quarantine(path);
      return false;
    }
  }

  async #quarantine(path: string): Promise<void> {
    try {
      await this.#files.move(path, `${this.#options.path}.bad`);
    } catch (error) {
      this.#refused(error);
    }
  }

  async #write(value: T): Promise<void> {
    const { path, log } = this.#options;
    this.#isDirty = false;
    try {
      const text = encodeGeneration({ generation: this.#generation + 1, value });
      await this.#files.replace(path, text);
      this.#generation += 1;
      this.#times += 1;
      this.#bytes += Buffer.byteLength(text);
      if (!this.#writable) log.info('state is kept on disk again', { path });
      this.#writable = true;
    } catch (error) {
      this.#isDirty = true;
      this.#refused(error);
      if (!this.#isClosed) this.#arm(RETRY_MS);
    }
  }

  #refused(error: unknown): void {
    const { path, log } = this.#options;
    if (!this.#writable) return;
    this.#writable = false;
    const fix = `free some space, or make the directory of ${path} writable for hanbus; until then changes live in memory`;
    log.warn('state cannot be kept on disk', { code: 'HB122', path, reason: reasonOf(error), fix });
  }
}
