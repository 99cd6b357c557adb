import type { Rights } from '../access.ts';
import type { Version } from '../codec.ts';
import type { Peer } from '../peer.ts';

/** What went wrong with a client last. */
export interface LastError {
  /** MQTT 5, 2.4. */
  readonly reason: number;
  /** Of the catalogue. */
  readonly code: string;
  readonly why: string;
  /** Wall time, ms. */
  readonly time: number;
}

/** Messages (PUBLISH) and bytes, from the client and to it. */
export interface Traffic {
  readonly messagesIn: number;
  readonly messagesOut: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** What a record keeps of a connection when it is over. */
export interface Facts {
  readonly credential: string;
  readonly role: Rights['role'];
  readonly address: string;
  readonly transport: NonNullable<Peer['transport']>;
  readonly version: Version;
  /** 0: none. */
  readonly keepAliveMs: number;
  /** Topic of the will that its client left with CONNECT. */
  readonly willTopic: string | undefined;
  /** Wall time, ms. */
  readonly connectedAt: number;
}

/** A connection as far as its record looks at it. */
export interface Presence {
  readonly messagesIn: number;
  readonly bytesIn: number;
  readonly outlet: { readonly messagesOut: number; readonly bytesOut: number };
}

/** What is remembered of the clients of one session, for whoever looks. It costs nothing per message. */
export class ClientRecord {
  facts: Facts | undefined;
  /** Wall time, ms; undefined while a client is connected. */
  disconnectedAt: number | undefined;
  lastError: LastError | undefined;
  #present: Presence | undefined;
  #messagesIn = 0;
  #messagesOut = 0;
  #bytesIn = 0;
  #bytesOut = 0;

  /** It comes from an earlier life of the broker. */
  wasAway(since: number): void {
    this.disconnectedAt = since;
  }

  arrive(presence: Presence, facts: Facts): void {
    this.#present = presence;
    this.facts = facts;
    this.disconnectedAt = undefined;
  }

  /** To be called when nothing more is sent. `now`: wall time, ms. */
  leave(presence: Presence, now: number): void {
    if (this.#present !== presence) return;
    const { messagesIn, messagesOut, bytesIn, bytesOut } = this.traffic;
    this.#present = undefined;
    this.disconnectedAt = now;
    this.#messagesIn = messagesIn;
    this.#messagesOut = messagesOut;
    this.#bytesIn = bytesIn;
    this.#bytesOut = bytesOut;
  }

  fail(error: LastError): void {
    this.lastError = error;
  }

  /** Of all connections of the session together. */
  get traffic(): Traffic {
    const present = this.#present;
    return {
      messagesIn: this.#messagesIn + (present?.messagesIn ?? 0),
      messagesOut: this.#messagesOut + (present?.outlet.messagesOut ?? 0),
      bytesIn: this.#bytesIn + (present?.bytesIn ?? 0),
      bytesOut: this.#bytesOut + (present?.outlet.bytesOut ?? 0),
    };
  }
}
