import type { Message } from '../bus/message.ts';
import type { Version } from './codec.ts';
import { encodePublish, type PublishForm } from './encode-publish.ts';

const NO_IDS: readonly number[] = [];

/**
 * Writes messages as packets, each once per version, QoS and retain flag, however many subscribers share it: the bus
 * delivers one message to all before the next, so remembering the last one is enough.
 */
export class PublishEncoder {
  readonly #now: () => number;
  #message: Message | undefined;
  readonly #known: (Buffer | undefined)[] = new Array(12);

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A packet that must not be changed; with QoS 1 or 2 its identifier is 0. */
  encode(message: Message, version: Version, qos: 0 | 1 | 2, retain: boolean): Buffer {
    if (message.props?.expiresAt !== undefined) return this.encodeFor(message, { version, qos, retain, ids: NO_IDS });
    if (message !== this.#message) {
      this.#message = message;
      this.#known.fill(undefined);
    }
    const slot = (version === 5 ? 6 : 0) + qos * 2 + (retain ? 1 : 0);
    const known = this.#known[slot];
    if (known !== undefined) return known;
    const packet = this.encodeFor(message, { version, qos, retain, ids: NO_IDS });
    this.#known[slot] = packet;
    return packet;
  }

  /** The same with subscription identifiers, or with an expiry that counts down: for one subscriber. */
  encodeFor(message: Message, form: Omit<PublishForm, 'now'>): Buffer {
    return encodePublish(message, { ...form, now: this.#now() });
  }
}
