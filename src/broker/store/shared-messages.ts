import type { Message } from '../../bus/message.ts';
import type { Table } from '../../state/log/table.ts';
import { encodeMessage, keyOf } from './records.ts';

interface Share {
  readonly number: number;
  entries: number;
}

/** A record of fewer bytes is kept with each session that has it. */
const WORTH_SHARING = 256;

/** The numbers of entries and messages, and the larger messages: kept once, however many sessions have them. */
export class SharedMessages {
  readonly #table: Table;
  readonly #shares = new Map<Message, Share>();
  #last = 0;

  constructor(table: Table) {
    this.#table = table;
  }

  /** Higher than all before. */
  nextNumber(): number {
    this.#last += 1;
    return this.#last;
  }

  /** A number is in use already. */
  seen(number: number): void {
    if (number > this.#last) this.#last = number;
  }

  /** One found at the start, that so many entries have. */
  found(message: Message, number: number, entries: number): void {
    this.#shares.set(message, { number, entries });
  }

  /**
   * One more entry has the message: the number to refer to, `alone` when it is to be kept with the entry, `full` when the
   * table takes no more.
   */
  take(message: Message, size: number): number | 'alone' | 'full' {
    const known = this.#shares.get(message);
    if (known !== undefined) {
      known.entries += 1;
      return known.number;
    }
    if (size < WORTH_SHARING) return 'alone';
    const number = this.nextNumber();
    if (!this.#table.put(keyOf.message(number), encodeMessage(message))) return 'full';
    this.#shares.set(message, { number, entries: 1 });
    return number;
  }

  /** An entry has gone. False when the table takes no more: to be said again. */
  give(message: Message): boolean {
    const share = this.#shares.get(message);
    if (share === undefined) return true;
    if (share.entries === 1) {
      if (!this.#table.delete(keyOf.message(share.number))) return false;
      this.#shares.delete(message);
    }
    share.entries -= 1;
    return true;
  }

  numberOf(message: Message): number | undefined {
    return this.#shares.get(message)?.number;
  }
}
