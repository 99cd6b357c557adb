import type { Duplex } from 'node:stream';
import { encode, type Version } from './codec.ts';
import type { Core } from './core.ts';
import { tally } from './counts.ts';
import type { Framer } from './framer.ts';
import type { Outlet } from './outlet.ts';
import type { Peer } from './peer.ts';
import { type ProtocolError, REASON } from './reason.ts';
import type { Session } from './session.ts';
import type { Presence } from './watch/client-record.ts';
import { farewellOf } from './watch/farewell.ts';
import type { Will } from './will.ts';

/** A client, as far as its leaving looks at it. */
export interface Leaver extends Presence {
  readonly core: Core;
  readonly peer: Peer;
  readonly outlet: Outlet;
  readonly framer: Framer;
  readonly session: Session | undefined;
  readonly version: Version;
  readonly maxPacket: number;
  readonly refusedFor: string;
  will: Will | undefined;
  /** Nothing more is expected of it. */
  stopWaiting(): void;
}

/** What is said at the end. */
export interface Goodbye {
  readonly reason: number;
  readonly why: string;
  /** Where the client is to go instead. */
  readonly server: string | undefined;
}

/** The ways in which a connection ends, each once and for good. */
export class Exit {
  readonly #leaver: Leaver;
  readonly #stream: Duplex;
  #isOpen = true;

  constructor(leaver: Leaver, stream: Duplex) {
    this.#leaver = leaver;
    this.#stream = stream;
  }

  /** The connection has not ended. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** With a goodbye. The will is said, unless the whole broker stops. [MQTT-3.1.2-10] */
  close(goodbye: Goodbye): void {
    if (!this.#isOpen) return;
    const { reason, server } = goodbye;
    const { session, outlet, core, version } = this.#leaver;
    const farewell = farewellOf(reason);
    if (farewell !== undefined) session?.record.fail({ reason, ...farewell, time: core.clock.now() });
    if (reason === REASON.quota) {
      this.#complain('an MQTT client does not take its messages and was disconnected', { code: 'HB184' });
      outlet.clear();
    } else session?.flush();
    if (!this.isOpen) return; // the flush found out that the client must go
    if (reason === REASON.shuttingDown || server !== undefined) this.#leaver.will = undefined;
    this.#leave();
    if (session !== undefined && version === 5) this.#sayGoodbye(goodbye);
    this.#finish();
  }

  /** With a goodbye that says what the client has done; without one while it is unknown. [MQTT-4.13.1-1] */
  fail({ reason, message: why }: ProtocolError): void {
    const { session, core } = this.#leaver;
    session?.record.fail({ reason, code: 'HB180', why, time: core.clock.now() });
    this.#complain('an MQTT client broke the protocol', { code: 'HB180', reason, why });
    if (session === undefined) this.gone();
    else this.close({ reason, why, server: undefined });
  }

  /** Without another word. */
  part(): void {
    if (!this.#isOpen) return;
    this.#leave();
    this.#finish();
  }

  /** At once: the connection has gone, or is not worth an answer. */
  gone(): void {
    if (!this.#isOpen) return;
    this.#leave(); // may still give the outlet what was on its way to it
    const { outlet, session, core } = this.#leaver;
    outlet.clear();
    session?.record.leave(this.#leaver, core.clock.now());
    this.#stream.destroy();
  }

  #leave(): void {
    this.#isOpen = false;
    const { core, framer, session, will, refusedFor } = this.#leaver;
    this.#leaver.stopWaiting();
    framer.clear();
    if (session === undefined) {
      core.counts.refusedConnections += 1;
      tally(core.counts.refusals, refusedFor);
      return;
    }
    core.counts.clients -= 1;
    core.sessions.release(session, will);
  }

  /** [MQTT-3.14.4-1] */
  #sayGoodbye({ reason: reasonCode, why: reasonString, server }: Goodbye): void {
    const properties = { reasonString, ...(server === undefined ? {} : { serverReference: server }) };
    const { outlet, maxPacket } = this.#leaver;
    outlet.push(encode({ cmd: 'disconnect', reasonCode, properties }, 5, maxPacket));
  }

  /** Hands all that is left to the stream, which may take `closeMs` to send it. */
  #finish(): void {
    const { outlet, session, core } = this.#leaver;
    while (!outlet.isEmpty) outlet.unblock();
    session?.record.leave(this.#leaver, core.clock.now());
    this.#stream.end();
    const cancel = core.clock.after(core.limits.closeMs, () => this.#stream.destroy());
    this.#stream.once('close', cancel);
  }

  #complain(text: string, fields: { readonly code: string; readonly reason?: number; readonly why?: string }): void {
    const { peer, core, session } = this.#leaver;
    const client = session === undefined ? {} : { client: session.clientId };
    core.complain(text, { ...fields, address: peer.address, ...client });
  }
}
