import type { Entry } from './entry.ts';
import type { OutboxLimits } from './limits.ts';
import { Line } from './line.ts';

const isWaiting = (entry: Entry): boolean => entry.waiting !== 0;
const isInMemory = (entry: Entry): boolean => entry.waiting !== 0 && entry.segment === 0;
/** Given up before others when it is full. */
const isLoose = ({ isSync, isAlarm }: Entry): boolean => !isSync && !isAlarm;

/** All that waits, with its bytes, beside the bounds. */
export class BookRoom {
  readonly all = new Line<Entry>(isWaiting);
  bytes = 0;
  records = 0;
  /** Lazy items that are in memory only, and their bytes. */
  memoryBytes = 0;
  #memory = new Line<Entry>(isInMemory);
  readonly #loose = new Line<Entry>(isWaiting);
  readonly #limits: OutboxLimits;
  #alarmBytes = 0;

  constructor(limits: OutboxLimits) {
    this.#limits = limits;
  }

  /** The oldest one that is in memory only. */
  get firstInMemory(): Entry | undefined {
    return this.#memory.first();
  }

  /** The oldest one that may be given up. */
  get firstLoose(): Entry | undefined {
    return this.#loose.first();
  }

  /** Whether there is not too much already. */
  get isWithin(): boolean {
    return this.records <= this.#limits.records && this.bytes <= this.#limits.bytes;
  }

  /** Whether one more of this size has room. */
  fits(size: number, isAlarm: boolean): boolean {
    const { bytes, records, alarmBytes } = this.#limits;
    if (this.records < records && this.bytes + size <= bytes) return true;
    return isAlarm && this.#alarmBytes + size <= alarmBytes;
  }

  join(entry: Entry): void {
    this.records += 1;
    this.bytes += entry.size;
    if (entry.isAlarm) this.#alarmBytes += entry.size;
    this.all.push(entry);
    if (isLoose(entry)) this.#loose.push(entry);
    if (entry.segment === 0 && !entry.isSync) this.#remember(entry);
  }

  leave(entry: Entry): void {
    this.records -= 1;
    this.bytes -= entry.size;
    if (entry.isAlarm) this.#alarmBytes -= entry.size;
    this.all.gone();
    if (isLoose(entry)) this.#loose.gone();
    if (entry.segment === 0 && !entry.isSync) this.#forget(entry);
  }

  /** It is on its way to the disk. */
  leavesMemory(entry: Entry): void {
    entry.segment = -1;
    this.#forget(entry);
  }

  /** They could not be written: they are in memory only, before all others. */
  returnToMemory(entries: readonly Entry[]): void {
    const younger = [...this.#memory];
    this.#memory = new Line(isInMemory);
    this.memoryBytes = 0;
    for (const entry of [...entries, ...younger]) if (isWaiting(entry)) this.#remember(entry);
  }

  #remember(entry: Entry): void {
    entry.segment = 0;
    this.#memory.push(entry);
    this.memoryBytes += entry.size;
  }

  #forget(entry: Entry): void {
    this.memoryBytes -= entry.size;
    this.#memory.gone();
  }
}
