import type { Bus } from '../bus/bus.ts';
import type { Cancel, Clock } from '../kit/clock.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { topics } from '../schemes/topics.ts';

export interface OutboxPageWorld {
  readonly bus: Bus;
  readonly node: string;
  readonly clock: Clock;
  readonly outbox: Outbox;
}

const EVERY_MS = 60_000;

/** Tells the ledger of the outbox on `hanbus/<node>/$outbox`, when it has changed, once a minute at most. */
export function startOutboxPage({ bus, node, clock, outbox }: OutboxPageWorld): () => void {
  let told = '';
  let cancel: Cancel = () => undefined;
  const tell = (): void => {
    const { state, room, records, bytes, refused, readers } = outbox.status;
    const payload = JSON.stringify({ state, room, records, bytes, refused, readers });
    if (payload !== told)
      bus.publish({ topic: topics.nodeOutbox(node), payload, retain: true, qos: 1, origin: 'outbox' });
    told = payload;
    cancel = clock.after(EVERY_MS, tell);
  };
  tell();
  return () => cancel();
}
