import type { BrokerCounts, DropCounts } from '../counts.ts';
import type { Session } from '../session.ts';

/** Where all messages went. Each line adds up at any moment. */
export interface Ledger {
  /** messages + wills = accepted + repeated + refused. */
  readonly came: {
    readonly messages: number;
    readonly wills: number;
    readonly accepted: number;
    readonly repeated: number;
    readonly refused: number;
  };
  /** due = delivered + waiting + dropped: one for each session that a message was for. */
  readonly went: {
    readonly due: number;
    readonly delivered: number;
    /** Counted one by one where they wait, not computed from the others. */
    readonly waiting: number;
    readonly dropped: Omit<DropCounts, 'refused'>;
  };
  /** False: a bug of the broker has lost count. */
  readonly isEven: boolean;
}

/** The books of the broker. `sessions`: all, connected or not. */
export function readLedger(counts: Readonly<BrokerCounts>, sessions: Iterable<Session>): Ledger {
  const { messagesIn: messages, wills, accepted, repeated, due, delivered } = counts;
  const { refused, ...dropped } = counts.dropped;
  let waiting = 0;
  for (const session of sessions) waiting += waitingIn(session);
  const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  return {
    came: { messages, wills, accepted, repeated, refused },
    went: { due, delivered, waiting, dropped },
    isEven: messages + wills === accepted + repeated + refused && due === delivered + waiting + lost,
  };
}

/** Messages that wait for the client of a session, or for its acknowledgement. */
export function waitingIn({ delivery }: Session): number {
  return delivery.queued + delivery.inflight + (delivery.link?.outlet.messages ?? 0);
}
