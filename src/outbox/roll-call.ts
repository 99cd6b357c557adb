import type { ItemRecord } from './item-record.ts';
import type { Note } from './note.ts';

/** Items that were in a damaged part and cannot be read. */
export interface Missing {
  readonly count: number;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly from: number;
  readonly to: number;
}

/** Items are numbered as they are written: who does not answer behind a damage is missing. */
export class RollCall {
  readonly missing: Missing[] = [];
  /** The number that the next item has when none is missing. */
  next: number | undefined;
  /** From here on something is damaged. */
  isDamaged = false;
  #last = { seq: 0, time: 0 };

  item(item: ItemRecord): void {
    this.#expect(item.ordinal, item);
    this.next = (item.ordinal + 1) % 2 ** 32;
    if (item.seq > this.#last.seq) this.#last = item;
  }

  note({ ordinal, nextSeq: seq, at: time }: Note): void {
    this.#expect(ordinal, { seq, time });
    this.next = ordinal;
  }

  /** Without damage the first numbers of a log are missing, as its beginning was removed. */
  #expect(ordinal: number, next: { readonly seq: number; readonly time: number }): void {
    const count = (ordinal - (this.next ?? ordinal)) >>> 0;
    if (count > 0 && this.isDamaged) {
      const fromSeq = this.#last.seq + 1;
      const from = this.#last.time === 0 ? next.time : this.#last.time;
      const toSeq = Math.max(next.seq - 1, fromSeq);
      this.missing.push({ count, fromSeq, toSeq, from, to: Math.max(from, next.time) });
    }
    this.isDamaged = this.isDamaged && count === 0;
  }
}
