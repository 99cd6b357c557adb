import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Desk } from './desk.ts';
import type { IdBook } from './id-book.ts';
import type { Journal, JournalEntry } from './journal.ts';
import type { PacketBook } from './packet-book.ts';
import type { Trail } from './trail.ts';

export interface ResumeWorld {
  readonly clock: Clock;
  readonly log: Log;
  readonly journal: Journal;
  readonly ids: IdBook;
  readonly desk: Desk;
  readonly packets: PacketBook;
  readonly trail: Trail;
}

/** The outcome of a command that a crash left without one. */
interface Lost {
  readonly id: string;
  readonly st: 'expired' | 'unknown';
  readonly code: string;
  readonly why: string;
}

/**
 * Takes up what an earlier life left: its commands are known again, and one that was begun and not ended has the outcome
 * `unknown`, which is told now. It is never repeated. How old they are is not asked: the clock may have been set since.
 */
export function resume(world: ResumeWorld): void {
  const { clock, journal, ids, packets } = world;
  for (const entry of journal.found.entries.splice(0)) {
    const { id, what, packet } = entry;
    const lost = entry.waits === true ? tooLate(id) : unknown(id);
    const ack = entry.ack ?? lost;
    ids.add({ id, what, isOnce: true, at: clock.mono(), ack, pending: undefined });
    if (packet !== undefined) packets.keep(packet, { id, what });
    if (entry.ack === undefined) tell(world, entry, lost);
  }
}

function tooLate(id: string): Lost {
  const why = 'the node stopped while it waited; it is not carried out later';
  return { id, st: 'expired', code: 'HB351', why };
}

function unknown(id: string): Lost {
  const why = 'the node stopped while it was carried out; it may have happened, and is not repeated';
  return { id, st: 'unknown', code: 'HB367', why };
}

function tell({ desk, journal, log, trail }: ResumeWorld, entry: JournalEntry, ack: Lost): void {
  const { id, device, point, value, by, origin, at } = entry;
  const { st, code, why } = ack;
  trail.add({ id, point: `${device}.${point}`, value, by, origin, at, st, code, why, ms: 0, times: 1 });
  log.warn('a command was not carried out to its end', { code, id, point: `${device}.${point}`, by, why });
  journal.end({ ...entry, ack }).catch(() => undefined); // told by the journal's own log; it stays so
  desk.refuse({ device, point }, ack, { props: undefined, qos: 1 });
}
