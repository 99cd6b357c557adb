import type { Slab, SlabOwner } from './slab.ts';
import type { WireMessage } from './wire-message.ts';

const SLAB_BYTES = 65_536;
/** Larger messages have bytes of their own. */
const LARGE = 8_192;
/** So much may lie idle before messages are moved together, and so many are looked at in one turn. */
const IDLE_BYTES = 4_194_304;
const TURN_MESSAGES = 1_000;

/**
 * Where retained messages lie: side by side, so that ten thousand small ones are not ten thousand small buffers, and
 * leave as one run. When more than half of it lies idle, what is left of poorly filled slabs moves together.
 */
export class Slabs implements SlabOwner {
  readonly #all: () => Iterable<unknown>;
  readonly #isMovable: (message: unknown) => message is WireMessage;
  readonly #slabs = new Set<Slab>();
  #open: Slab = { bytes: Buffer.alloc(0), live: 0 };
  #used = 0;
  #live = 0;
  #allocated = 0;
  #isMoving = false;

  /** `all`: every message that is kept. */
  constructor(all: () => Iterable<unknown>, isMovable: (message: unknown) => message is WireMessage) {
    this.#all = all;
    this.#isMovable = isMovable;
  }

  /** Bytes of memory, and how many of them hold messages that are kept. */
  get size(): { readonly allocated: number; readonly live: number } {
    return { allocated: this.#allocated, live: this.#live };
  }

  /** Copies the message here. */
  adopt(message: WireMessage): void {
    const { size } = message;
    if (size > LARGE) {
      message.detach();
      return;
    }
    if (this.#used + size > this.#open.bytes.length) this.#begin();
    message.moveTo(this.#open, this.#used, this);
    this.#used += size;
    this.#open.live += size;
    this.#live += size;
    if (this.#allocated > IDLE_BYTES && this.#live * 2 < this.#allocated) this.#moveTogether();
  }

  /** A message of this size in the slab is not kept any more. */
  release(slab: Slab, size: number): void {
    slab.live -= size;
    this.#live -= size;
    if (slab.live === 0 && slab !== this.#open) this.#drop(slab);
  }

  #begin(): void {
    const last = this.#open;
    this.#open = { bytes: Buffer.allocUnsafeSlow(SLAB_BYTES), live: 0 };
    this.#slabs.add(this.#open);
    this.#allocated += SLAB_BYTES;
    this.#used = 0;
    if (last.live === 0) this.#drop(last);
  }

  #drop(slab: Slab): void {
    if (this.#slabs.delete(slab)) this.#allocated -= slab.bytes.length;
  }

  #moveTogether(): void {
    if (this.#isMoving) return;
    this.#isMoving = true;
    const messages = this.#all()[Symbol.iterator]();
    const step = () => {
      for (let left = TURN_MESSAGES; left > 0; left -= 1) {
        const { done, value } = messages.next();
        if (done === true) {
          this.#isMoving = false;
          return;
        }
        if (this.#isMovable(value)) this.#move(value);
      }
      setImmediate(step);
    };
    setImmediate(step);
  }

  #move(message: WireMessage): void {
    const { slab } = message;
    if (slab === undefined || slab === this.#open || slab.live * 2 >= slab.bytes.length) return;
    this.release(slab, message.size);
    this.adopt(message);
  }
}
