import type { Log } from '../kit/log.ts';
import { tellDamage } from '../state/log/damage.ts';
import { segmentPath } from '../state/log/open-segment.ts';
import { checkRecord } from '../state/log/record.ts';
import type { Entry } from './entry.ts';
import { itemAt } from './item-record.ts';
import type { OutboxFiles } from './outbox-files.ts';
import type { Segments } from './segments.ts';

export interface PayloadReaderOptions {
  readonly files: OutboxFiles;
  readonly folder: string;
  readonly log: Log;
  readonly salt: number;
  readonly segments: Segments;
}

/** Reads payloads back from the disk; the file that was read last is kept, as readers go through one after the other. */
export class PayloadReader {
  readonly #options: PayloadReaderOptions;
  readonly #told = new Set<number>();
  #last: { readonly id: number; readonly bytes: Buffer } | undefined;

  constructor(options: PayloadReaderOptions) {
    this.#options = options;
  }

  /** Undefined when it cannot be read as it was written; told once for each file. */
  async read(entry: Entry): Promise<Uint8Array | undefined> {
    const { salt, log, folder } = this.#options;
    const { segment: id, offset, seq } = entry;
    const bytes = await this.#bytesOf(id);
    const isWhole = bytes !== undefined && checkRecord(bytes, offset, bytes.length, salt) > 0;
    const item = isWhole ? itemAt(bytes, offset) : undefined;
    if (item?.seq === seq) return item.payload;
    const what = { reason: 'items cannot be read any more', kept: 'in place' };
    if (!this.#told.has(id)) tellDamage(log, segmentPath(folder, id), what);
    this.#told.add(id);
    return undefined;
  }

  async #bytesOf(id: number): Promise<Buffer | undefined> {
    const { files, folder, segments } = this.#options;
    // The one that is written grows: what was read of it may be too short.
    if (this.#last?.id === id && id !== segments.current) return this.#last.bytes;
    const bytes = await files.read(segmentPath(folder, id)).catch(() => undefined); // told by `read`
    this.#last = bytes === undefined ? undefined : { id, bytes };
    return bytes;
  }
}
