import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { RoomLevel } from './disk-room.ts';
import type { NewItem } from './item.ts';
import type { OutboxLimits } from './limits.ts';
import type { NotAccepted } from './not-accepted.ts';
import type { OutboxFiles } from './outbox-files.ts';
import type { OutboxReader, ReaderOptions } from './reader.ts';
import type { Counts } from './tally.ts';

export interface OutboxOptions {
  /** The folder of the outbox: it and what is in it are the outbox's alone. */
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
  /** 0 <= x < 1. */
  readonly random?: () => number;
  readonly files?: OutboxFiles;
  readonly limits?: Partial<OutboxLimits>;
  readonly segmentBytes?: number;
  /** Lazy items are written when they are so many bytes or so old, if nobody has got them by then. */
  readonly spillBytes?: number;
  readonly spillMs?: number;
  /** What readers acknowledged is on the disk after so long; a hard stop delivers it again; ms. */
  readonly noteMs?: number;
  /** Bytes of what is on the disk that may be in memory too. */
  readonly cacheBytes?: number;
  /** Called when `status` says something new of the state or the room. */
  readonly onState?: (status: OutboxStatus) => void;
}

export interface OutboxStatus {
  /** `failed`: the disk refuses; lazy items live in memory, sync ones are refused. */
  readonly state: 'ok' | 'failed';
  readonly why?: string;
  /** `low`: history should stop; `scarce`: lazy items stay in memory. */
  readonly room: RoomLevel;
  /** What waits for any reader. */
  readonly records: number;
  readonly bytes: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
  /** What went to the disk since the start, for the flash budget. */
  readonly written: { readonly times: number; readonly bytes: number; readonly syncs: number; readonly items: number };
  /** Not accepted, by code; and accepted though no reader wanted them. */
  readonly refused: Readonly<Record<string, number>>;
  readonly unclaimed: number;
  readonly readers: Readonly<Record<string, Counts>>;
}

/** A durable queue: what must not be lost waits here for its readers. Architecture page, 6. */
export interface Outbox {
  /** Resolves when it is accepted: a sync item then survives a power cut. Rejects with NotAccepted. */
  add(item: NewItem): Promise<void>;
  /** As `add`, without a promise: `done` is called once, with the reason when it was not accepted. Never throws. */
  offer(item: NewItem, done?: (error?: NotAccepted) => void): void;
  /**
   * Opens a reader. One that was there in an earlier life goes on where it was; a new one gets what comes from now on.
   * Throws HB374 when there are too many, or when it is open already.
   */
  reader(name: string, options?: ReaderOptions): OutboxReader;
  /** A destination that will not come back: what waits for it alone goes. */
  forget(name: string): void;
  /** All of one reader's counts by topic. */
  countsByTopic(reader: string): ReadonlyMap<string, Counts>;
  readonly status: OutboxStatus;
  /** Resolves when all that is in memory was written, or could not be. Never throws. */
  flush(): Promise<void>;
  /** Writes what is in memory, gives the lock back, takes no more. Never throws. */
  close(): Promise<void>;
}
