import type { SegmentTally } from './segment-tally.ts';

/** Where a record is: in a segment, or, from `IN_MEMORY` on, in a batch that is not written yet. */
export interface Place {
  readonly segment: number;
  readonly offset: number;
}

/** Numbers from here on name batches in memory instead of segments. */
export const IN_MEMORY = 0x8000_0000;

const FIRST_SLOTS = 256;

/** Where the newest record of each key is: a map of small numbers, and twelve bytes a key. */
export class KeyIndex {
  readonly tally: SegmentTally;
  readonly #slots = new Map<string, number>();
  readonly #free: number[] = [];
  #segments = new Uint32Array(FIRST_SLOTS);
  #offsets = new Uint32Array(FIRST_SLOTS);
  #sizes = new Uint32Array(FIRST_SLOTS);
  #used = 0;

  constructor(tally: SegmentTally) {
    this.tally = tally;
  }

  get size(): number {
    return this.#slots.size;
  }

  /** The newest record of the key is there now, with so many bytes; the slot of the key. */
  put(key: string, { segment, offset }: Place, size: number): number {
    const known = this.#slots.get(key);
    const slot = known ?? this.#newSlot(key);
    if (known !== undefined) this.tally.addLive(this.#segments[known] ?? 0, -(this.#sizes[known] ?? 0));
    this.#segments[slot] = segment;
    this.#offsets[slot] = offset;
    this.#sizes[slot] = size;
    this.tally.addLive(segment, size);
    return slot;
  }

  has(key: string): boolean {
    return this.#slots.has(key);
  }

  /** False when there was none. */
  delete(key: string): boolean {
    const slot = this.#slots.get(key);
    if (slot === undefined) return false;
    this.tally.addLive(this.#segments[slot] ?? 0, -(this.#sizes[slot] ?? 0));
    this.#segments[slot] = 0;
    this.#slots.delete(key);
    this.#free.push(slot);
    return true;
  }

  isAt(key: string, { segment, offset }: Place): boolean {
    const slot = this.#slots.get(key);
    return slot !== undefined && this.#segments[slot] === segment && this.#offsets[slot] === offset;
  }

  /** The record of this slot was copied; nothing happens when the slot has another one by now. */
  move(slot: number, from: Place, to: Place): void {
    if (this.#segments[slot] !== from.segment || this.#offsets[slot] !== from.offset) return;
    const size = this.#sizes[slot] ?? 0;
    this.tally.addLive(from.segment, -size);
    this.#segments[slot] = to.segment;
    this.#offsets[slot] = to.offset;
    this.tally.addLive(to.segment, size);
  }

  *places(): Generator<[string, Place]> {
    for (const [key, slot] of this.#slots) {
      yield [key, { segment: this.#segments[slot] ?? 0, offset: this.#offsets[slot] ?? 0 }];
    }
  }

  #newSlot(key: string): number {
    const slot = this.#free.pop() ?? this.#used++;
    if (slot >= this.#segments.length) this.#grow();
    this.#slots.set(key, slot);
    return slot;
  }

  #grow(): void {
    const grown = (old: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> => {
      const fresh = new Uint32Array(old.length * 2);
      fresh.set(old);
      return fresh;
    };
    this.#segments = grown(this.#segments);
    this.#offsets = grown(this.#offsets);
    this.#sizes = grown(this.#sizes);
  }
}
