import type { Clock } from '../../kit/clock.ts';
import type { Log } from '../../kit/log.ts';
import type { HistoryDisk } from './disk.ts';

export interface HistoryOptions {
  /** The database file; `-wal` lies beside it, and what was set aside as `.bad`. */
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
  /** False while nobody has set the clock: readings then wait, and get their time from how long ago they came. */
  readonly isTimeTrusted?: () => boolean;
  /** Readings older than this go; ms. Default 7 days. */
  readonly keepMs?: number;
  /** The oldest go when it is larger. Default 64 MB. */
  readonly maxBytes?: number;
  /** Readings are written together after so long; ms. Default 60 s. */
  readonly gatherMs?: number;
  /** It is opened so long after the start, or when it is asked for; ms. Default: at once. */
  readonly openAfterMs?: number;
  readonly disk?: HistoryDisk;
  /** Rows in memory that make a slot. Default 24,000. */
  readonly slotRows?: number;
}

export const HISTORY_DEFAULTS = {
  keepMs: 7 * 86_400_000,
  maxBytes: 64_000_000,
  gatherMs: 60_000,
  slotRows: 24_000,
} as const;
