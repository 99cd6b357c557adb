import type { Duplex } from 'node:stream';
import type { Packet } from 'mqtt-packet';
import type { Cancel } from '../kit/clock.ts';
import type { Rights } from './access.ts';
import { encode, type Version } from './codec.ts';
import type { Core } from './core.ts';
import { tally } from './counts.ts';
import { Framer } from './framer.ts';
import type { Link } from './link.ts';
import { Outlet } from './outlet.ts';
import type { Peer } from './peer.ts';
import { type ProtocolError, REASON } from './reason.ts';
import type { Session } from './session.ts';
import type { TopicEntry } from './topic-table.ts';
import { farewellOf } from './watch/farewell.ts';
import type { Will } from './will.ts';

/** What CONNECT agreed. */
export interface Terms {
  readonly session: Session;
  readonly version: Version;
  readonly isBridge: boolean;
  readonly window: number;
  readonly maxPacket: number;
  /** 0: no keep alive. */
  readonly keepAliveMs: number;
  /** False: reason strings only in CONNACK and DISCONNECT. [MQTT-3.1.2-29] */
  readonly wantsReasons: boolean;
  readonly will: Will | undefined;
  readonly rights: Rights;
}

const NO_RIGHTS: Rights = {
  ...{ name: '', role: 'viewer' },
  write: () => ({ reason: REASON.notAuthorised, code: 'HB182', why: 'not connected' }),
  read: () => ({ reason: REASON.notAuthorised, code: 'HB182', why: 'not connected' }),
};

/** One network connection: a stream that sends packets, and the session behind it once CONNECT was accepted. */
export class Client implements Link {
  readonly peer: Peer;
  readonly core: Core;
  readonly outlet: Outlet;
  readonly framer: Framer;
  /** Topic aliases that the client has set. */
  aliases: Map<number, string> | undefined;
  rights: Rights = NO_RIGHTS;
  /** The topic of its last plain message: the next may have the same. */
  lastTopic: TopicEntry | undefined;
  /** PUBLISH packets and bytes that came. */
  messagesIn = 0;
  bytesIn = 0;
  version: Version = 4;
  window = 0;
  maxPacket = Number.POSITIVE_INFINITY;
  will: Will | undefined;
  isBridge = false;
  wantsReasons = true;
  /** Why it never became a client, as it is counted. */
  refusedFor = 'left';
  /** A retained command was complained about already. */
  hasComplained = false;
  readonly #stream: Duplex;
  readonly #onRelease: () => void;
  #session: Session | undefined;
  #isOpen = true;
  #isHeld = false;
  #heardAt = 0;
  #cancel: Cancel;

  /** `onRelease`: what came may be read again. */
  constructor(core: Core, stream: Duplex, peer: Peer, onRelease: () => void) {
    this.core = core;
    this.#onRelease = onRelease;
    this.peer = peer;
    this.#stream = stream;
    this.outlet = new Outlet(stream, core);
    this.framer = new Framer(core.limits.connectBytes, (bytes) => core.budget.add(bytes));
    this.#cancel = core.clock.after(core.limits.connectMs, () => this.turnAway());
  }

  /** Undefined until CONNECT was accepted. */
  get session(): Session | undefined {
    return this.#session;
  }

  /** Bytes that are held for it: packets on their way in and out. */
  get heldBytes(): number {
    return this.framer.held + this.outlet.bytes;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Nothing more is read from it for now. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Reads nothing more until the returned function is called. */
  hold(): () => void {
    this.#isHeld = true;
    this.#stream.pause();
    return () => {
      this.#isHeld = false;
      if (!this.#isOpen) return;
      this.#stream.resume();
      this.#onRelease();
    };
  }

  /** CONNECT was accepted: from here on the client has a session. The session's backlog follows the next flush. */
  accept(terms: Terms): void {
    this.#session = terms.session;
    this.version = terms.version;
    this.isBridge = terms.isBridge;
    this.window = terms.window;
    this.maxPacket = terms.maxPacket;
    this.wantsReasons = terms.wantsReasons;
    this.will = terms.will;
    this.rights = terms.rights;
    this.framer.limit = this.core.limits.packetBytes;
    this.#introduce(terms);
    this.peer.onAdmitted?.();
    this.#cancel();
    this.hear();
    if (terms.keepAliveMs > 0) this.#watch(terms.keepAliveMs * 1.5);
  }

  /** A whole packet has come. */
  hear(): void {
    this.#heardAt = this.core.clock.mono();
  }

  /** Sends an acknowledgement that has nothing to say but success, with the session's next flush. */
  acknowledge(first: number, id: number): void {
    if (!this.#isOpen) return;
    if (!this.outlet.pushAck(first, id)) this.close(REASON.quota);
    else this.#session?.schedule();
  }

  send(packet: Packet): void {
    if (!this.#isOpen) return;
    const bytes = encode(
      packet,
      this.version,
      this.maxPacket === Number.POSITIVE_INFINITY ? undefined : this.maxPacket,
    );
    if (!this.outlet.push(bytes)) this.close(REASON.quota);
    else if (this.#session === undefined) this.outlet.flush();
    else this.#session.schedule();
  }

  /** The client broke the protocol or a limit. [MQTT-4.13.1-1] */
  fail(error: ProtocolError): void {
    const { peer, core } = this;
    const client = this.#session?.clientId;
    const code = 'HB180';
    this.refusedFor = code;
    this.#session?.record.fail({ reason: error.reason, code, why: error.message, time: core.clock.now() });
    core.complain('an MQTT client broke the protocol', {
      code,
      address: peer.address,
      ...(client === undefined ? {} : { client }),
      reason: error.reason,
      why: error.message,
    });
    if (this.#session === undefined) this.gone();
    else this.close(error.reason);
  }

  /** Ends the connection from this side. The will is said, unless the whole broker stops. [MQTT-3.1.2-10] */
  close(reason: number): void {
    if (!this.#isOpen) return;
    const session = this.#session;
    const farewell = farewellOf(reason);
    if (farewell !== undefined) session?.record.fail({ reason, ...farewell, time: this.core.clock.now() });
    if (reason === REASON.quota) this.#complainSlow();
    if (reason === REASON.quota || reason === REASON.packetTooLarge) this.outlet.clear();
    else session?.flush();
    if (!this.isOpen) return; // the flush found out that the client must go
    if (reason === REASON.shuttingDown) this.will = undefined;
    this.#leave();
    if (session !== undefined && this.version === 5) {
      this.outlet.push(encode({ cmd: 'disconnect', reasonCode: reason }, 5)); // [MQTT-3.14.4-1]
    }
    this.#finish();
  }

  /** Closes without another word: the client was refused, or has said goodbye. */
  part(): void {
    if (!this.#isOpen) return;
    this.#leave();
    this.#finish();
  }

  /** The connection has gone, or is not worth an answer. */
  gone(): void {
    if (!this.#isOpen) return;
    this.#leave(); // may still give the outlet what was on its way to it
    this.outlet.clear();
    this.#session?.record.leave(this, this.core.clock.now());
    this.#stream.destroy();
  }

  /** Others need its place, or it took too long to say who it is. */
  turnAway(): void {
    this.refusedFor = 'HB190';
    this.gone();
  }

  #introduce({ session, keepAliveMs, rights, version, will }: Terms): void {
    const { counts, clock } = this.core;
    counts.connections += 1;
    counts.clients += 1;
    counts.mostClients = Math.max(counts.mostClients, counts.clients);
    const { address, transport = 'memory' } = this.peer;
    session.record.arrive(this, {
      ...{ credential: rights.name, role: rights.role, address, transport, version, keepAliveMs },
      ...{ willTopic: will?.topic, connectedAt: clock.now() },
    });
  }

  #leave(): void {
    this.#isOpen = false;
    this.#cancel();
    this.framer.clear();
    const session = this.#session;
    if (session === undefined) {
      this.core.counts.refusedConnections += 1;
      tally(this.core.counts.refusals, this.refusedFor);
      return;
    }
    this.core.counts.clients -= 1;
    this.core.sessions.release(session, this.will);
  }

  /** [MQTT-3.1.2-22]: one and a half times the keep alive without a packet. One timer, moved on when it fires. */
  #watch(limitMs: number): void {
    const left = this.#heardAt + limitMs - this.core.clock.mono();
    if (left <= 0) this.close(REASON.keepAliveTimeout);
    else this.#cancel = this.core.clock.after(left, () => this.#watch(limitMs));
  }

  /** Hands all that is left to the stream, which may take `closeMs` to send it. */
  #finish(): void {
    while (!this.outlet.isEmpty) this.outlet.unblock();
    this.#session?.record.leave(this, this.core.clock.now());
    this.#stream.end();
    const cancel = this.core.clock.after(this.core.limits.closeMs, () => this.#stream.destroy());
    this.#stream.once('close', cancel);
  }

  #complainSlow(): void {
    this.core.complain('an MQTT client does not take its messages and was disconnected', {
      code: 'HB184',
      address: this.peer.address,
      client: this.#session?.clientId,
    });
  }
}
