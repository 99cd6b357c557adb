import { reasonOf } from '../kit/errors.ts';
import type { Client } from './client.ts';
import type { Core } from './core.ts';
import { REASON } from './reason.ts';
import type { Session } from './session.ts';
import type { Refusal } from './topic-rights.ts';

/** Acknowledgements of one client that may wait for the disk before nothing more is read from it. */
const LINE = 1_000;

/**
 * A message on a durable topic: `answer` is called when everybody for whom it is kept has it on the disk, in the order
 * of the messages. Many share one sync. With a refusal when the disk has failed: never a yes that is not true.
 */
export function settleThen(client: Client, session: Session, answer: (refusal: Refusal | undefined) => void): void {
  const { core } = client;
  let outcome: Refusal | undefined;
  const ready = client.acks.join(() => answer(outcome));
  const resume = client.acks.length === LINE ? client.hold() : undefined;
  session.delivery.kept?.receivedChanged();
  session.delivery.kept?.queueChanged(true);
  core.bus.whenIdle(() => {
    // What overlapping subscriptions have gathered is queued at the end of this turn.
    setImmediate(() => {
      void settled(core).then((refusal) => {
        outcome = refusal;
        ready();
        resume?.();
      });
    });
  });
}

async function settled({ shelf, complain }: Core): Promise<Refusal | undefined> {
  try {
    await shelf?.settle();
    return undefined;
  } catch (error) {
    const why = 'the message could not be put on the disk';
    complain('a message on a durable topic was not taken', { code: 'HB122', reason: reasonOf(error) });
    return { reason: REASON.refusedHere, code: 'HB122', why };
  }
}
