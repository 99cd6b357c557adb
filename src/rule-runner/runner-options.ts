import type { Bus } from '../bus/bus.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { RuleBook } from '../schemes/rules/rule.ts';
import type { Document } from '../state/document.ts';
import type { HistoryReading } from '../state/history/history.ts';

/** Every reading of these points from `from` up to `to` (ms since 1970) in the order of time. */
export type ReadHistory = (points: readonly string[], from: number, to: number) => AsyncIterable<HistoryReading>;

export interface RuleRunnerOptions {
  readonly bus: Bus;
  readonly node: string;
  /** Counts the starts of this node. */
  readonly epoch: number;
  readonly clock: Clock;
  readonly log: Log;
  /** IANA name of the time zone of the home. */
  readonly timeZone: string;
  readonly isTimeTrusted: () => boolean;
  /** Timers, running steps, paused rules, variables of the home, points that rules use. */
  readonly state: Document<unknown>;
  /** For windows at the start, and for replay. */
  readonly history?: ReadHistory;
  /** Resolves when the devices were read once: then `start` is told to the rules. Default: at once. */
  readonly ready?: Promise<unknown>;
  /** The rules, groups and scenes were read anew. */
  readonly onBook?: (book: RuleBook) => void;
  /** Gives everything else its turn while many rules are read. Default: the next turn of the loop. */
  readonly rest?: () => Promise<void>;
}

export interface RuleRunnerCounts {
  /** Rules that run, and those that wait for a point. */
  readonly rules: number;
  readonly waiting: number;
  readonly variables: number;
  /** Points and topics that are listened to. */
  readonly listening: number;
  /** Commands and calls whose outcome is open. */
  readonly pending: number;
  /** Actions since the start. */
  readonly acted: number;
}
