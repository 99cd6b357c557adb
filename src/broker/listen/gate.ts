import type { Clock } from '../../kit/clock.ts';
import type { Log } from '../../kit/log.ts';
import { isLoopback, networkOf } from './caller-address.ts';
import { DEFAULT_GATE_LIMITS, type GateLimits } from './gate-limits.ts';
import { type Refusal, type RefusalCounts, Refusals } from './refusals.ts';
import { TokenBucket } from './token-bucket.ts';

/** A socket that wants to come in. */
export interface Caller {
  readonly address: string;
  /** Its handshake costs time of the processor. */
  readonly isTls: boolean;
  /** Others need its place: it must close. */
  readonly evict: () => void;
}

/** A socket that was let in. Both calls are idempotent. */
export interface Guest {
  /** Its CONNECT was accepted. */
  admitted(): void;
  closed(): void;
}

interface Network {
  readonly connects: TokenBucket;
  readonly handshakes: TokenBucket;
  readonly unknown: Set<Waiting>;
  usedAt: number;
}

interface Waiting {
  readonly caller: Caller;
  readonly network: Network | undefined;
}

/** A network that has been quiet for so long is as good as a new one. */
const FORGET_MS = 30_000;

/**
 * Bounds what unknown callers cost: sockets, their rate, TLS handshakes. Knows no socket itself. Callers of this machine
 * are only bounded in number, together with all others: who can run a program here has cheaper ways to disturb.
 */
export class Gate {
  readonly limits: GateLimits;
  readonly #clock: Clock;
  readonly #refusals: Refusals;
  readonly #connects: TokenBucket;
  readonly #handshakes: TokenBucket;
  /** In the order of their last call. */
  readonly #networks = new Map<string, Network>();
  /** In the order of their coming. */
  readonly #unknown = new Set<Waiting>();
  /** Those of them that are not of this machine. */
  readonly #strangers = new Set<Waiting>();
  #known = 0;

  constructor(clock: Clock, log: Log, limits: Partial<GateLimits> = {}) {
    this.limits = { ...DEFAULT_GATE_LIMITS, ...limits };
    this.#clock = clock;
    this.#refusals = new Refusals(clock, log);
    this.#connects = new TokenBucket(this.limits.connects, clock.mono());
    this.#handshakes = new TokenBucket(this.limits.handshakes, clock.mono());
  }

  /** Sockets with and without a login, now. */
  get sockets(): { readonly known: number; readonly unknown: number } {
    return { known: this.#known, unknown: this.#unknown.size };
  }

  /** Connections turned away since the start, by reason. */
  get refused(): Readonly<RefusalCounts> {
    return this.#refusals.counts;
  }

  /** Undefined: turned away, counted and logged; the caller closes the socket. */
  enter(caller: Caller): Guest | undefined {
    const isLocal = isLoopback(caller.address) || caller.address === 'local';
    const refusal = isLocal ? undefined : this.#rateRefusal(caller);
    if (refusal !== undefined) return this.#turnAway(refusal, caller.address);
    if (this.#known + this.#unknown.size >= this.limits.sockets && !this.#evictOldest(this.#unknown, 'full')) {
      return this.#turnAway('full', caller.address);
    }
    const network = isLocal ? undefined : this.#network(caller.address);
    if (network !== undefined) this.#makeWay(network);
    return this.#admit({ caller, network });
  }

  /** A socket that was let in failed before it could send a CONNECT. */
  refuse(refusal: Refusal, address: string, why?: string): void {
    this.#refusals.add(refusal, address, why);
  }

  #turnAway(refusal: Refusal, address: string): undefined {
    this.#refusals.add(refusal, address);
    return undefined;
  }

  #rateRefusal({ address, isTls }: Caller): Refusal | undefined {
    const now = this.#clock.mono();
    const known = this.#networks.get(networkOf(address));
    if (known !== undefined && !(known.connects.has(now) && (!isTls || known.handshakes.has(now))))
      return 'addressRate';
    if (!this.#connects.has(now) || (isTls && !this.#handshakes.has(now))) return 'rate';
    const network = this.#network(address);
    for (const bucket of [this.#connects, network.connects]) bucket.spend();
    if (isTls) for (const bucket of [this.#handshakes, network.handshakes]) bucket.spend();
    return undefined;
  }

  #network(address: string): Network {
    const now = this.#clock.mono();
    const key = networkOf(address);
    const { connectsEach, handshakesEach } = this.limits;
    const network = this.#networks.get(key) ?? {
      connects: new TokenBucket(connectsEach, now),
      handshakes: new TokenBucket(handshakesEach, now),
      unknown: new Set<Waiting>(),
      usedAt: now,
    };
    network.usedAt = now;
    this.#networks.delete(key);
    this.#networks.set(key, network);
    this.#forgetQuiet(now);
    return network;
  }

  /** New networks come at the rate of `connects` at most, so few are ever kept. */
  #forgetQuiet(now: number): void {
    for (const [key, { usedAt, unknown }] of this.#networks) {
      if (now - usedAt < FORGET_MS) return;
      if (unknown.size === 0) this.#networks.delete(key);
    }
  }

  #makeWay({ unknown }: Network): void {
    if (unknown.size >= this.limits.unknownEach) this.#evictOldest(unknown, 'addressCrowd');
    if (this.#strangers.size >= this.limits.unknown) this.#evictOldest(this.#strangers, 'crowd');
  }

  /** False when nobody waits. */
  #evictOldest(from: ReadonlySet<Waiting>, refusal: Refusal): boolean {
    const [oldest] = from;
    if (oldest === undefined) return false;
    this.#forget(oldest);
    this.#refusals.add(refusal, oldest.caller.address);
    oldest.caller.evict();
    return true;
  }

  #admit(waiting: Waiting): Guest {
    this.#unknown.add(waiting);
    waiting.network?.unknown.add(waiting);
    if (waiting.network !== undefined) this.#strangers.add(waiting);
    let isKnown = false;
    return {
      admitted: () => {
        if (!this.#forget(waiting)) return;
        isKnown = true;
        this.#known += 1;
      },
      closed: () => {
        if (isKnown) this.#known -= 1;
        isKnown = false;
        this.#forget(waiting);
      },
    };
  }

  /** False when it was not waiting any more. */
  #forget(waiting: Waiting): boolean {
    if (!this.#unknown.delete(waiting)) return false;
    waiting.network?.unknown.delete(waiting);
    this.#strangers.delete(waiting);
    return true;
  }
}
