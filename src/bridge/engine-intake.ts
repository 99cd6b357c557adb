import type { Bus } from '../bus/bus.ts';
import { bytesOf, type Message, readingOf } from '../bus/message.ts';
import type { Clock } from '../kit/clock.ts';
import { reasonOf } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { NewItem } from '../outbox/item.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Keep } from '../schemes/policy.ts';
import { EngineKeep } from './engine-keep.ts';
import { ENGINE_ORIGIN, pointFilter } from './engine-topics.ts';
import { packMessage } from './kept-message.ts';

export interface EngineIntakeWorld {
  readonly bus: Bus;
  readonly node: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly outbox: Outbox;
}

/** Puts what the policies want kept into the outbox. */
export class EngineIntake {
  /** Topics that came this way. */
  readonly topics = new Set<string>();
  readonly #world: EngineIntakeWorld;
  readonly #keep: EngineKeep;
  readonly #leave: () => void;
  #isRefused = false;

  constructor(world: EngineIntakeWorld) {
    const { bus, node } = world;
    this.#world = world;
    this.#keep = new EngineKeep(bus, node, ENGINE_ORIGIN);
    const take = (message: Message): void => this.#take(message);
    this.#leave = bus.subscribe(pointFilter(node), take, { origin: ENGINE_ORIGIN, noLocal: true });
  }

  takes(message: Pick<Message, 'topic' | 'retain'>): boolean {
    return this.#keep.of(message) !== undefined;
  }

  stop(): void {
    this.#leave();
    this.#keep.stop();
  }

  #take(message: Message): void {
    const keep = this.#keep.of(message);
    if (keep === undefined) return;
    this.topics.add(message.topic);
    const { clock, outbox, log } = this.#world;
    const time = readingOf(message)?.time ?? clock.now();
    const item = { topic: message.topic, payload: packMessage(message, bytesOf(message)), time, ...termsOf(keep) };
    outbox.offer(item, (error) => {
      // Nobody else has the reading: in memory is better than not at all.
      if (error?.code === 'HB370' && item.class === 'sync') outbox.offer({ ...item, class: 'lazy' });
      if (error !== undefined && !this.#isRefused) {
        log.warn('a reading is not safe for the engine', { code: error.code, reason: reasonOf(error) });
      }
      this.#isRefused = error !== undefined;
    });
  }
}

function termsOf(keep: Exclude<Keep, 'none'>): Pick<NewItem, 'class' | 'keep' | 'ttlMs'> {
  if (typeof keep === 'string') return { class: 'lazy', keep };
  const { ttlMs, sync } = keep;
  const kept = 'last' in keep ? { last: keep.last } : 'all';
  return { class: sync === true ? 'sync' : 'lazy', keep: kept, ...(ttlMs === undefined ? {} : { ttlMs }) };
}
