/** `sync`: accepted only when it is on the disk. `lazy`: in memory first, on the disk when it has to wait for long. */
export type Class = 'sync' | 'lazy';

/** What is kept of a topic while a reader is away; what is older is given up. */
export type KeepItems = 'latest' | 'all' | { readonly last: number };

/** Something for the readers. */
export interface NewItem {
  readonly class: Class;
  /** What it is about; readers choose by it, and `keep` counts by it. */
  readonly topic: string;
  /** Not to be changed afterwards. */
  readonly payload: Uint8Array;
  /** When it happened, ms since 1970. */
  readonly time: number;
  /** After so long from `time` on it is not delivered any more; ms. */
  readonly ttlMs?: number;
  /** An alarm has room of its own, in the bounds and on the disk. */
  readonly priority?: 'alarm' | 'normal';
  readonly keep: KeepItems;
}

/** Why accepted items are not delivered, other than that their time was over. */
export type DropReason =
  /** The outbox was older, fuller or longer than its bounds. */
  | 'age'
  | 'full'
  /** The file they were in is damaged. */
  | 'damage'
  /** A newer one of the topic took its place: `keep` wants it so. */
  | 'superseded';

/** Items that are lost to a reader, in their place. */
export interface Gap {
  readonly kind: 'gap';
  /** To be acknowledged as that of an item. */
  readonly position: number;
  /** `cut`: the node was stopped hard, and lazy items of its last seconds may be lost: nobody knows how many. */
  readonly reason: Exclude<DropReason, 'superseded'> | 'cut';
  /** Absent when it is not known. */
  readonly count?: number;
  /** The times of the first and the last one, ms since 1970; of a damage or a cut the times around it. */
  readonly from: number;
  readonly to: number;
}

/** What a reader is given. */
export interface Item {
  readonly kind: 'item';
  /** Grows from item to item. */
  readonly position: number;
  readonly class: Class;
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly time: number;
  /** Wall time in ms since 1970; absent when it holds for ever. */
  readonly expiresAt?: number;
  readonly priority: 'alarm' | 'normal';
}

export type Delivery = Item | Gap;
