import type { Clock } from '../kit/clock.ts';

/** Somebody who keeps messages that lie in the bytes of a socket's read. */
export interface Keeper {
  /** Copies them out of there. */
  detachMessages(): void;
}

/** How long, in ms, and how many bytes of reads may be kept for messages in them. */
const AFTER_MS = 1_000;
const BYTES = 8_388_608;

/**
 * A message on its way is not copied: it lies in what a socket read, up to 64 KB. Most are gone in a moment. Those that
 * are not are copied out here, so a small message that waits never keeps a large read for long.
 */
export class Pins {
  readonly #clock: Clock;
  #keepers = new Set<Keeper>();
  #last: Buffer | undefined;
  #bytes = 0;
  #isArmed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `keeper` keeps a message in these bytes. */
  note(keeper: Keeper, bytes: Buffer): void {
    this.#keepers.add(keeper);
    if (bytes === this.#last) return;
    this.#last = bytes;
    this.#bytes += bytes.length;
    if (this.#bytes > BYTES) this.#sweep();
    else if (!this.#isArmed) this.#arm();
  }

  #arm(): void {
    this.#isArmed = true;
    this.#clock.after(AFTER_MS, () => {
      this.#isArmed = false;
      this.#sweep();
    });
  }

  #sweep(): void {
    const keepers = this.#keepers;
    this.#keepers = new Set();
    this.#last = undefined;
    this.#bytes = 0;
    for (const keeper of keepers) keeper.detachMessages();
  }
}
