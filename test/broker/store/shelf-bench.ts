import type { SessionSource } from '../../../src/broker/store/session-page.ts';
import { type BrokerShelf, openShelf, type ShelfOptions } from '../../../src/broker/store/shelf.ts';
import type { Waiting } from '../../../src/broker/store/stored-entry.ts';
import type { SessionFacts } from '../../../src/broker/store/stored-session.ts';
import type { Message } from '../../../src/bus/message.ts';
import { type FakeClock, makeFakeClock, settle } from '../../fakes/clock.ts';
import { makeFakeLog } from '../../fakes/log.ts';
import type { FakeDisk } from '../../state/log/fake-disk.ts';

export const PATH = '/data/broker';

export interface ShelfBench {
  readonly shelf: BrokerShelf;
  readonly clock: FakeClock;
  readonly retained: Map<string, Message>;
  readonly codes: () => unknown[];
  /** Lets time pass, and all that comes of it. */
  readonly pass: (ms: number) => Promise<void>;
}

export async function openShelfOn(disk: FakeDisk, options: Partial<ShelfOptions> = {}): Promise<ShelfBench> {
  const clock = makeFakeClock();
  const { log, lines } = makeFakeLog();
  const retained = new Map<string, Message>();
  const shelf = await openShelf({
    ...{ path: PATH, node: 'kitchen', files: disk.files, clock, log, random: () => 0.5 },
    retained: (topic) => retained.get(topic),
    ...options,
  });
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 100) {
      await clock.advance(Math.min(left, 100));
      await settle(60);
    }
  };
  const codes = (): unknown[] => lines.map(({ fields }) => fields.code).filter((code) => code !== undefined);
  return { shelf, clock, retained, codes, pass };
}

export function messageOf(topic: string, payload: string | Buffer = 'on'): Message {
  return { topic, payload: Buffer.from(payload), qos: 1, retain: false, origin: 'mqtt:sender' };
}

/** A session as the broker would show it. */
export class FakeSession implements SessionSource {
  readonly clientId: string;
  own: SessionFacts = {
    ...{ version: 5, owner: 'me', expiryMs: 3_600_000, disconnectedAt: undefined, will: undefined },
    subscriptions: [{ filter: 'a/#', qos: 1, noLocal: false, retainAsPublished: false }],
  };
  ids: number[] = [];
  queue: Waiting[] = [];

  constructor(clientId: string) {
    this.clientId = clientId;
  }

  facts(): SessionFacts {
    return this.own;
  }

  received(): number[] {
    return this.ids;
  }

  waiting(): Waiting[] {
    return this.queue;
  }

  take(message: Message, way: Partial<Waiting> = {}): void {
    this.queue.push({ message, qos: 1, retain: false, ids: [], ...way });
  }
}

/** What a new process finds after `kill -9`. */
export async function foundOn(disk: FakeDisk): Promise<ReturnType<BrokerShelf['load']> & { codes: unknown[] }> {
  const { shelf, codes } = await openShelfOn(disk.afterKill());
  return { ...shelf.load(), codes: codes() };
}

/** Payloads of the messages that wait, by client. */
export function textsOf({ sessions }: ReturnType<BrokerShelf['load']>): Record<string, string[]> {
  return Object.fromEntries(
    sessions.map(({ clientId, waiting }) => [clientId, waiting.map(({ message }) => message.payload.toString())]),
  );
}
