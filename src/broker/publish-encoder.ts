import type { Message } from '../bus/message.ts';
import type { Version } from './codec.ts';
import { type PublishForm, writePublish } from './encode-publish.ts';
import type { Link } from './link.ts';
import { Page } from './page.ts';
import type { Stampable } from './stampable.ts';

/** How a subscriber gets a message. */
export interface Dress {
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  /** Subscription identifiers. */
  readonly ids: readonly number[];
}

/** Room for some hundred packets. */
const PAGE_BYTES = 16_384;

/**
 * Writes messages as packets, each once per version, QoS and retain flag, however many subscribers share it: the bus
 * delivers one message to all before the next, so remembering the last one is enough.
 */
export class PublishEncoder {
  readonly #now: () => number;
  readonly #page = new Page(PAGE_BYTES);
  #message: Message | undefined;
  readonly #known: (Stampable | undefined)[] = new Array(12);

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A packet that must not be changed; with QoS 1 or 2 its identifier is 0. */
  encode(message: Message, dress: Dress, link: Link): Stampable {
    const { version } = link;
    return this.#withAlias(message, dress, link) ?? this.#shared(message, dress, version);
  }

  #shared(message: Message, dress: Dress, version: Version): Stampable {
    const { qos, retain, ids } = dress;
    // An expiry counts down, and identifiers belong to one subscriber.
    if (message.props?.expiresAt !== undefined || ids.length > 0)
      return this.#write(message, { ...dress, version, now: this.#now() });
    if (message !== this.#message) {
      this.#message = message;
      this.#known.fill(undefined);
    }
    const slot = (version === 5 ? 6 : 0) + qos * 2 + (retain ? 1 : 0);
    this.#known[slot] ??= this.#write(message, { qos, retain, ids, version, now: 0 });
    return this.#known[slot];
  }

  /** Undefined where the client has no alias for the topic and gets none. A socket that is stuck gets none either. */
  #withAlias(message: Message, dress: Dress, { aliases, outlet, maxPacket, version }: Link): Stampable | undefined {
    if (aliases === undefined || outlet.isBlocked) return undefined;
    const { topic } = message;
    const known = aliases.find(topic);
    const alias = known ?? aliases.next(topic);
    if (alias === undefined) return undefined;
    const { qos, retain, ids } = dress;
    const form = { qos, retain, ids, version, alias, isAliasKnown: known !== undefined, now: this.#now() };
    const packet = this.#write(message, form);
    if (packet.end > maxPacket) return undefined;
    aliases.learn(topic, alias);
    return packet;
  }

  #write(message: Message, form: PublishForm): Stampable {
    return writePublish(message, form, this.#page);
  }
}
