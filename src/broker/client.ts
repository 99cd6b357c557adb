import type { Duplex } from 'node:stream';
import type { Packet } from 'mqtt-packet';
import type { Exchanging, Rights } from './access.ts';
import { AckLine } from './ack-line.ts';
import { encode, type Version } from './codec.ts';
import type { Core } from './core.ts';
import { Exit, type Leaver } from './exit.ts';
import { Framer } from './framer.ts';
import { introduce } from './introduce.ts';
import { KeepAlive } from './keep-alive.ts';
import type { Link } from './link.ts';
import type { OutAliases } from './out-aliases.ts';
import { Outlet } from './outlet.ts';
import type { Peer } from './peer.ts';
import { type ProtocolError, REASON, reasonText } from './reason.ts';
import type { Session } from './session.ts';
import { NO_RIGHTS, type Terms } from './terms.ts';
import type { TopicEntry } from './topic-table.ts';
import type { Will } from './will.ts';

/** An acknowledgement without a reason. */
const ACK_BYTES = 4;

/** One network connection: a stream that sends packets, and the session behind it once CONNECT was accepted. */
export class Client implements Leaver, Link {
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
  readonly #exit: Exit;
  readonly #keepAlive: KeepAlive;
  #terms: Terms | undefined;
  #isHeld = false;

  /** `onRelease`: what came may be read again. */
  constructor(core: Core, stream: Duplex, peer: Peer, onRelease: () => void) {
    this.core = core;
    this.#onRelease = onRelease;
    this.peer = peer;
    this.#stream = stream;
    this.#exit = new Exit(this, stream);
    this.outlet = new Outlet(stream, core);
    this.framer = new Framer(core.limits.connectBytes, (bytes) => core.budget.add(bytes));
    this.#keepAlive = new KeepAlive(core.clock);
    this.#keepAlive.expect(core.limits.connectMs, () => this.turnAway());
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
    return this.#exit.isOpen;
  }

  /** Nothing more is read from it for now. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** It goes, or CONNECT has come: how long its password takes to check is not its fault. */
  stopWaiting(): void {
    this.#keepAlive.stop();
  }

  /** Reads nothing more until the returned function is called. */
  hold(): () => void {
    this.#isHeld = true;
    this.#stream.pause();
    return () => {
      this.#isHeld = false;
      if (!this.isOpen) return;
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
    introduce(this, terms);
    this.peer.onAdmitted?.();
    this.#keepAlive.watch(terms.keepAliveMs, () => this.close(REASON.keepAliveTimeout));
  }

  /** A whole packet has come. */
  hear(): void {
    this.#keepAlive.hear();
  }

  /** Sends an acknowledgement that has nothing to say but success, with the session's next flush. */
  acknowledge(first: number, id: number): void {
    if (!this.isOpen || this.maxPacket < ACK_BYTES) return;
    if (!this.outlet.pushAck(first, id)) this.close(REASON.quota);
    else this.session?.schedule();
  }

  /** The properties that say why, for a client that wants to know. [MQTT-3.1.2-29] */
  words(reasonString: string): { readonly properties?: { readonly reasonString: string } } {
    return this.#terms?.wantsReasons === true ? { properties: { reasonString } } : {};
  }

  send(packet: Packet): void {
    if (!this.isOpen) return;
    const { maxPacket, session } = this;
    const bytes = encode(packet, this.version, maxPacket);
    if (bytes.length === 0) this.#cannotSay(packet);
    else if (!this.outlet.push(bytes)) this.close(REASON.quota);
    else if (session === undefined) this.outlet.flush();
    else session.schedule();
  }

  /** The client broke the protocol or a limit. [MQTT-4.13.1-1] */
  fail(error: ProtocolError): void {
    this.refusedFor = 'HB180';
    this.#exit.fail(error);
  }

  /** Ends the connection from this side. The will is said, unless the whole broker stops. [MQTT-3.1.2-10] */
  close(reason: number, why = reasonText(reason), server?: string): void {
    this.#exit.close({ reason, why, server });
  }

  /** Closes without another word: the client was refused, or has said goodbye. */
  part(): void {
    this.#exit.part();
  }

  /** The connection has gone, or is not worth an answer. */
  gone(): void {
    this.#exit.gone();
  }

  /** Others need its place, or it took too long to say who it is. */
  turnAway(): void {
    this.refusedFor = 'HB190';
    this.gone();
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
}
