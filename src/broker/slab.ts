/** Bytes that many messages share, filled from the front and never changed. */
export interface Slab {
  readonly bytes: Buffer;
  /** Bytes of messages that are still kept. */
  live: number;
}

/** Whoever gave a message its place in a slab. */
export interface SlabOwner {
  /** A message of this size in the slab is not kept any more. */
  release(slab: Slab, size: number): void;
}
