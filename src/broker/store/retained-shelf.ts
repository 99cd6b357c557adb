import type { Message } from '../../bus/message.ts';
import type { Cancel, Clock } from '../../kit/clock.ts';
import type { Table } from '../../state/log/table.ts';
import { encodeMessage, keyOf } from './records.ts';

export interface RetainedShelfOptions {
  readonly table: Table;
  readonly clock: Clock;
  /** The retained message of a topic now. */
  readonly retained: (topic: string) => Message | undefined;
  /** A retained message is on its way to the disk after so long, or when so many bytes wait. */
  readonly retainedMs: number;
  readonly retainedBytes: number;
}

/** Topics that are written before the event loop gets a turn. */
const TURN_TOPICS = 500;
/** The least time between two early writes: a flood of topics does not wear out the card. */
const EARLY_MS = 1_000;

/** Retained messages on their way to the disk: of one topic, the newest. */
export class RetainedShelf {
  readonly #options: RetainedShelfOptions;
  readonly #topics = new Set<string>();
  readonly #durable = new Set<string>();
  #bytes = 0;
  #writtenAt = 0;
  #isEarly = false;
  #cancel: Cancel | undefined;

  constructor(options: RetainedShelfOptions) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#topics.size;
  }

  mark(topic: string, bytes: number, isDurable: boolean): void {
    const { retainedMs, retainedBytes } = this.#options;
    if (isDurable) this.#durable.add(topic);
    if (this.#topics.has(topic)) return;
    this.#topics.add(topic);
    this.#bytes += bytes + topic.length;
    if (this.#bytes >= retainedBytes && !this.#isEarly) this.#early();
    else if (this.#cancel === undefined) this.#arm(retainedMs);
  }

  /** Writes those that must be on the disk now. False when the table takes no more. */
  writeDurable(): boolean {
    for (const topic of this.#durable) {
      if (!this.#write(topic)) return false;
      this.#durable.delete(topic);
      this.#topics.delete(topic);
    }
    return true;
  }

  writeAll(): boolean {
    for (const topic of this.#topics) {
      if (!this.#write(topic)) return false;
      this.#topics.delete(topic);
      this.#durable.delete(topic);
    }
    this.#bytes = 0;
    return true;
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #early(): void {
    this.#isEarly = true;
    this.#arm(Math.max(0, this.#writtenAt + EARLY_MS - this.#options.clock.mono()));
  }

  #arm(ms: number): void {
    this.stop();
    this.#cancel = this.#options.clock.after(ms, () => {
      this.#cancel = undefined;
      this.#turn();
    });
  }

  #turn(): void {
    const { table, clock, retainedMs } = this.#options;
    let left = TURN_TOPICS;
    for (const topic of this.#topics) {
      const isRefused = !table.writable || (left > 0 && !this.#write(topic));
      if (isRefused || left === 0) {
        this.#arm(isRefused ? retainedMs : 0);
        return;
      }
      this.#topics.delete(topic);
      this.#durable.delete(topic);
      left -= 1;
    }
    this.#bytes = 0;
    this.#isEarly = false;
    this.#writtenAt = clock.mono();
  }

  #write(topic: string): boolean {
    const { table, retained } = this.#options;
    const message = retained(topic);
    const key = keyOf.retained(topic);
    return message === undefined ? table.delete(key) : table.put(key, encodeMessage(message));
  }
}
