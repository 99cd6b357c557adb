import type { Clock } from '../kit/clock.ts';
import type { Write } from '../schemes/command.ts';
import type { Desk } from './desk.ts';
import type { GuardBook } from './guard-book.ts';
import type { Journal } from './journal.ts';
import type { Refusal } from './refusal.ts';

/** What a lane needs. */
export interface LaneWorld {
  readonly clock: Clock;
  readonly desk: Desk;
  readonly guards: GuardBook;
  readonly journal: Journal;
  readonly write: Write;
  readonly health: (device: string) => string | undefined;
  readonly away: (device: string) => Refusal | undefined;
}
