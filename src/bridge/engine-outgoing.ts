import type { IClientPublishOptions } from 'mqtt';
import type { Bus } from '../bus/bus.ts';
import { bytesOf, type Message } from '../bus/message.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { propertiesOf } from './engine-props.ts';

/** A connected client of the engine, as far as sending goes. */
export interface EngineWay {
  readonly stream: { readonly writableLength: number };
  publish(topic: string, payload: Buffer, options: IClientPublishOptions, done: () => void): unknown;
}

export interface OutgoingWorld {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  readonly way: EngineWay;
  /** MQTT 5 carries properties. */
  readonly hasProperties: boolean;
}

/** Bytes that may wait for the engine. */
const WAITING_BYTES = 1_048_576;
/** Messages that the engine may leave unacknowledged. */
const UNACKNOWLEDGED = 1_000;

/**
 * Messages to an engine at the engine's own speed. When it does not keep up, events are left out, and of what is
 * retained the newest value follows as soon as there is room: a topic waits, never a message.
 */
export class Outgoing {
  readonly #world: OutgoingWorld;
  readonly #late = new Set<string>();
  #unacknowledged = 0;
  #isBehind = false;
  #isCatchingUp = false;
  #hasEnded = false;

  constructor(world: OutgoingWorld) {
    this.#world = world;
  }

  send(message: Message): void {
    if (this.#isFull) {
      if (message.retain) this.#late.add(message.topic);
      if (!this.#isBehind) {
        this.#world.log.warn('the engine does not keep up; live messages are left out', { code: 'HB187' });
      }
      this.#isBehind = true;
      return;
    }
    this.#late.delete(message.topic);
    this.#publish(message);
  }

  /** Sends the retained values of these topics, now or when there is room. */
  sendRetained(topics: Iterable<string>): void {
    for (const topic of topics) this.#late.add(topic);
    this.catchUp();
  }

  /** There may be room again: to be called on `drain`. */
  catchUp(): void {
    if (this.#isCatchingUp) return; // an acknowledgement may come at once
    this.#isCatchingUp = true;
    for (const topic of this.#late) {
      if (this.#hasEnded || this.#isFull) break;
      this.#late.delete(topic);
      const kept = this.#world.bus.retainedAt(topic);
      this.#publish(kept ?? { topic, payload: '', retain: true, qos: 1, origin: '' });
    }
    this.#isCatchingUp = false;
    if (this.#late.size === 0) this.#isBehind = false;
  }

  end(): void {
    this.#hasEnded = true;
    this.#late.clear();
  }

  get #isFull(): boolean {
    return this.#unacknowledged >= UNACKNOWLEDGED || this.#world.way.stream.writableLength > WAITING_BYTES;
  }

  #publish(message: Message): void {
    const { way, clock, hasProperties } = this.#world;
    const { topic, qos, retain } = message;
    const properties = hasProperties ? { properties: propertiesOf(message, clock.now()) } : {};
    this.#unacknowledged += 1;
    way.publish(topic, bytesOf(message), { qos, retain, ...properties }, () => this.#acknowledged());
  }

  #acknowledged(): void {
    this.#unacknowledged -= 1;
    if (this.#unacknowledged === UNACKNOWLEDGED / 2 || this.#unacknowledged === 0) this.catchUp();
  }
}
