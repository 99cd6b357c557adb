import type { Duplex } from 'node:stream';
import type { Packet } from 'mqtt-packet';
import type { Exchanging, Rights } from './access.ts';
import { AckLine } from './ack-line.ts';
import { encode, type Version } from './codec.ts';
import type { Core } from './core.ts';
import { tally } from './counts.ts';
import { Framer } from './framer.ts';
import { KeepAlive } from './keep-alive.ts';
import type { Link } from './link.ts';
import type { OutAliases } from './out-aliases.ts';
import { Outlet } from './outlet.ts';
import type { Peer } from './peer.ts';
import { type ProtocolError, REASON, reasonText } from './reason.ts';
import type { Session } from './session.ts';
import { NO_RIGHTS, type Terms } from './terms.ts';
import type { TopicEntry } from './topic-table.ts';
import { farewellOf } from './watch/farewell.ts';
import type { Will } from './will.ts';

/** An acknowledgement without a reason. */
const ACK_BYTES = 4;

/** One network connection: a stream that sends packets, and the session behind it once CONNECT was accepted. */
export class Client implements Link {
  readonly peer: Peer;
  readonly core: Core;
  readonly outlet: Outlet;
  readonly framer: Framer;
  /** Topic aliases that the client has set. */
  aliasesIn: Map<number, string> | undefined;
  rights: Rights = NO_RIGHTS;
  /** The topic of its last plain message: the next may have the same. */
  lastTopic: TopicEntry | undefined;
  /** PUBLISH packets and bytes that came. */
  messagesIn = 0;
  bytesIn = 0;
  version: Version = 4;
  /** The largest packet that it takes, in bytes: known from its CONNECT, also where that is refused. */
  maxPacket = Number.POSITIVE_INFINITY;
  will: Will | undefined;
  /** An enhanced authentication that goes on. */
  exchanging: Exchanging | undefined;
  /** Acknowledgements that wait for the disk, and those behind them. */
  readonly acks = new AckLine();
  /** Why it never became a client, as it is counted. */
  refusedFor = 'left';
  /** A retained command was complained about already. */
  hasComplained = false;
  readonly #stream: Duplex;
  readonly #onRelease: () => void;
  readonly #keepAlive: KeepAlive;
  readonly #stopWaiting: () => void;
  #terms: Terms | undefined;
  #isOpen = true;
  #isHeld = false;

  /** `onRelease`: what came may be read again. */
  constructor(core: Core, stream: Duplex, peer: Peer, onRelease: () => void) {
    this.core = core;
    this.#onRelease = onRelease;
    this.peer = peer;
    this.#stream = stream;
    this.outlet = new Outlet(stream, core);
    this.framer = new Framer(core.limits.connectBytes, (bytes) => core.budget.add(bytes));
    this.#keepAlive = new KeepAlive(core.clock);
    this.#stopWaiting = core.clock.after(core.limits.connectMs, () => this.turnAway());
  }

  /** What CONNECT agreed; undefined until it was accepted. */
  get terms(): Terms | undefined {
    return this.#terms;
  }

  get session(): Session | undefined {
    return this.#terms?.session;
  }

  get window(): number {
    return this.#terms?.window ?? 0;
  }

  get aliases(): OutAliases | undefined {
    return this.#terms?.aliases;
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

  /** CONNECT has come; how long its password takes to check is not its fault. */
  stopWaiting(): void {
    this.#stopWaiting();
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
    this.#terms = terms;
    this.version = terms.version;
    this.outlet.isFive = terms.version === 5;
    this.will = terms.will;
    this.rights = terms.rights;
    this.framer.limit = this.core.limits.packetBytes;
    this.#introduce(terms);
    this.peer.onAdmitted?.();
    this.#stopWaiting();
    this.#keepAlive.watch(terms.keepAliveMs, () => this.close(REASON.keepAliveTimeout));
  }

  /** A whole packet has come. */
  hear(): void {
    this.#keepAlive.hear();
  }

  /** Sends an acknowledgement that has nothing to say but success, with the session's next flush. */
  acknowledge(first: number, id: number): void {
    if (!this.#isOpen || this.maxPacket < ACK_BYTES) return;
    if (!this.outlet.pushAck(first, id)) this.close(REASON.quota);
    else this.session?.schedule();
  }

  /** The properties that say why, for a client that wants to know. [MQTT-3.1.2-29] */
  words(reasonString: string): { readonly properties?: { readonly reasonString: string } } {
    return this.#terms?.wantsReasons === true ? { properties: { reasonString } } : {};
  }

  send(packet: Packet): void {
    if (!this.#isOpen) return;
    const { maxPacket, session } = this;
    const bytes = encode(packet, this.version, maxPacket);
    if (bytes.length === 0) this.#cannotSay(packet);
    else if (!this.outlet.push(bytes)) this.close(REASON.quota);
    else if (session === undefined) this.outlet.flush();
    else session.schedule();
  }

  /** The client broke the protocol or a limit. [MQTT-4.13.1-1] */
  fail(error: ProtocolError): void {
    const { core, session } = this;
    const { reason, message: why } = error;
    this.refusedFor = 'HB180';
    session?.record.fail({ reason, code: 'HB180', why, time: core.clock.now() });
    this.#complain('an MQTT client broke the protocol', { code: 'HB180', reason, why });
    if (session === undefined) this.gone();
    else this.close(reason, why);
  }

  /** Ends the connection from this side. The will is said, unless the whole broker stops. [MQTT-3.1.2-10] */
  close(reason: number, why = reasonText(reason), server?: string): void {
    if (!this.#isOpen) return;
    const { session } = this;
    const farewell = farewellOf(reason);
    if (farewell !== undefined) session?.record.fail({ reason, ...farewell, time: this.core.clock.now() });
    if (reason === REASON.quota) {
      this.#complain('an MQTT client does not take its messages and was disconnected', { code: 'HB184' });
    }
    if (reason === REASON.quota) this.outlet.clear();
    else session?.flush();
    if (!this.isOpen) return; // the flush found out that the client must go
    if (reason === REASON.shuttingDown || server !== undefined) this.will = undefined;
    this.#leave();
    if (session !== undefined && this.version === 5) this.#sayGoodbye(reason, why, server);
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
    this.session?.record.leave(this, this.core.clock.now());
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
    this.#stopWaiting();
    this.#keepAlive.stop();
    this.framer.clear();
    const { session } = this;
    if (session === undefined) {
      this.core.counts.refusedConnections += 1;
      tally(this.core.counts.refusals, this.refusedFor);
      return;
    }
    this.core.counts.clients -= 1;
    this.core.sessions.release(session, this.will);
  }

  /** [MQTT-3.14.4-1] */
  #sayGoodbye(reasonCode: number, reasonString: string, server: string | undefined): void {
    const properties = { reasonString, ...(server === undefined ? {} : { serverReference: server }) };
    this.outlet.push(encode({ cmd: 'disconnect', reasonCode, properties }, 5, this.maxPacket));
  }

  /** An answer is larger than the client takes. [MQTT-3.1.2-24] Without CONNACK there is no goodbye. [MQTT-3.14.0-1] */
  #cannotSay({ cmd }: Packet): void {
    if (cmd !== 'connack') {
      this.close(REASON.packetTooLarge, `${cmd} would be larger than the client takes`);
      return;
    }
    this.will = undefined;
    this.part();
  }

  /** Hands all that is left to the stream, which may take `closeMs` to send it. */
  #finish(): void {
    while (!this.outlet.isEmpty) this.outlet.unblock();
    this.session?.record.leave(this, this.core.clock.now());
    this.#stream.end();
    const cancel = this.core.clock.after(this.core.limits.closeMs, () => this.#stream.destroy());
    this.#stream.once('close', cancel);
  }

  #complain(text: string, fields: { readonly code: string; readonly reason?: number; readonly why?: string }): void {
    const { peer, core, session } = this;
    const client = session === undefined ? {} : { client: session.clientId };
    core.complain(text, { ...fields, address: peer.address, ...client });
  }
}
