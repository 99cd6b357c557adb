import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Cancel, Clock } from '../../kit/clock.ts';
import type { Budget } from '../budget.ts';
import type { Peer, PeerCertificate, Transport } from '../peer.ts';
import { plainAddress } from './caller-address.ts';
import type { Gate, Guest } from './gate.ts';
import type { Pace } from './pace.ts';
import type { Refusal } from './refusals.ts';

/** What doors need of the broker. */
export interface ListenWorld {
  readonly gate: Gate;
  readonly clock: Clock;
  readonly pace: Pace;
  /** Memory that clients of the whole broker share. */
  readonly budget: Budget;
  /** The largest MQTT packet, in bytes. */
  readonly packetBytes: number;
  /** Serves MQTT on a stream; the broker closes it. */
  attach(stream: Duplex, peer: Peer): void;
}

/** The next thing to happen to a stream: TLS, the WebSocket upgrade, MQTT. */
export type Stage = (stream: Duplex, visitor: Visitor) => void;

/** What the answer to a stranger may take to be sent; ms. */
const LAST_WORDS_MS = 1_000;

/** A socket that came through the gate, on its way to the broker. */
export class Visitor {
  readonly address: string;
  readonly port: number | undefined;
  readonly transport: Transport;
  certificate: PeerCertificate | undefined;
  /** Its CONNECT was accepted. */
  isAdmitted = false;
  /** Called once, when that happens. */
  onAdmitted: () => void = () => undefined;
  /** Called when it has arrived, or is gone before that. */
  onLeave: () => void = () => undefined;
  readonly #world: ListenWorld;
  readonly #socket: Socket;
  readonly #guest: Guest;
  #isOnItsWay = true;
  #cancel: Cancel;

  private constructor(world: ListenWorld, socket: Socket, transport: Transport, guest: Guest) {
    this.address = addressOf(socket, transport);
    this.port = socket.remotePort;
    this.transport = transport;
    this.#world = world;
    this.#socket = socket;
    this.#guest = guest;
    const { silentMs, readyMs } = world.gate.limits;
    const isPlain = transport === 'tcp' || transport === 'unix';
    this.#cancel = world.clock.after(isPlain ? silentMs : readyMs, () => this.refuse('late'));
    socket.once('close', () => this.#gone());
    socket.on('error', () => socket.destroy());
  }

  /** Asks the gate; undefined when the socket was turned away. */
  static enter(world: ListenWorld, socket: Socket, transport: Transport): Visitor | undefined {
    const isTls = transport === 'tls' || transport === 'wss';
    const address = addressOf(socket, transport);
    let visitor: Visitor | undefined;
    const guest = world.gate.enter({ address, isTls, evict: () => visitor?.evict() });
    if (guest !== undefined) {
      visitor = new Visitor(world, socket, transport, guest);
      return visitor;
    }
    socket.on('error', () => socket.destroy());
    socket.destroy();
    return undefined;
  }

  /** It speaks MQTT from here on: with its first byte it is handed to the broker, which then watches over it. */
  arrive(stream: Duplex): void {
    if (!this.#isOnItsWay) return;
    stream.once('readable', () => this.#world.pace.run(() => this.#attach(stream)));
  }

  #attach(stream: Duplex): void {
    if (!this.#isOnItsWay) return;
    this.#leaveWay();
    const { address, port, transport, certificate } = this;
    this.#world.attach(stream, {
      ...{ address, transport },
      ...(port === undefined ? {} : { port }),
      ...(certificate === undefined ? {} : { certificate }),
      onAdmitted: () => this.#admitted(),
    });
  }

  /** Turned away on its way: counted, logged, closed. */
  refuse(refusal: Refusal, why?: string): void {
    if (!this.#isOnItsWay) return;
    this.#world.gate.refuse(refusal, this.address, why);
    this.evict();
  }

  /** It asked for something else than MQTT, and is answered before it goes. */
  answer(stream: Duplex, words: string, why: string): void {
    if (!this.#isOnItsWay) return;
    this.#leaveWay();
    this.#world.gate.refuse('upgrade', this.address, why);
    stream.end(words);
    this.#cancel = this.#world.clock.after(LAST_WORDS_MS, () => this.#socket.destroy());
  }

  /** Closes it without a word. */
  evict(): void {
    this.#leaveWay();
    this.#socket.destroy();
  }

  /** Closes it without a word when it has not arrived. */
  drop(): void {
    if (this.#isOnItsWay) this.evict();
  }

  #admitted(): void {
    if (this.isAdmitted) return;
    this.isAdmitted = true;
    this.#guest.admitted();
    this.onAdmitted();
  }

  #leaveWay(): void {
    this.#cancel();
    if (!this.#isOnItsWay) return;
    this.#isOnItsWay = false;
    this.onLeave();
  }

  #gone(): void {
    if (this.#isOnItsWay) this.#world.gate.refuse('gone', this.address);
    this.#leaveWay();
    this.#guest.closed();
  }
}

/** A client of a Unix socket has no address: it is of this machine. */
function addressOf({ remoteAddress }: Socket, transport: Transport): string {
  if (transport === 'unix') return 'local';
  return remoteAddress === undefined ? 'unknown' : plainAddress(remoteAddress);
}
