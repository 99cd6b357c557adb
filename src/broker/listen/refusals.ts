import type { Clock } from '../../kit/clock.ts';
import type { Log } from '../../kit/log.ts';
import { networkOf } from './caller-address.ts';

/** Why a connection did not get as far as its CONNECT. */
export const REFUSALS = {
  addressRate: 'its address connects too often',
  rate: 'too many connections a second',
  addressCrowd: 'its address holds too many connections without a login',
  crowd: 'too many connections without a login',
  full: 'all places are taken',
  handshake: 'the TLS handshake failed',
  gone: 'it went away before it was ready',
  late: 'it was not ready in time',
  upgrade: 'it is no WebSocket for MQTT',
} as const;

export type Refusal = keyof typeof REFUSALS;

export type RefusalCounts = Record<Refusal, number>;

const MINUTE_MS = 60_000;
/** Addresses that are told apart in one minute. */
const ADDRESSES = 100;

/** Counts who was turned away, and says so once a minute for each address; never more than 100 lines a minute. */
export class Refusals {
  readonly #clock: Clock;
  readonly #log: Log;
  /** Refusals of this minute by network. */
  #seen = new Map<string, number>();
  #since: number;
  #unsaid = 0;
  readonly counts: RefusalCounts = {
    addressRate: 0,
    rate: 0,
    addressCrowd: 0,
    crowd: 0,
    full: 0,
    handshake: 0,
    gone: 0,
    late: 0,
    upgrade: 0,
  };

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
    this.#since = clock.mono();
  }

  get total(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }

  /** `why`: the words of the system, where there are any. */
  add(refusal: Refusal, address: string, why?: string): void {
    this.counts[refusal] += 1;
    this.#turnMinute();
    const network = networkOf(address);
    const before = this.#seen.get(network);
    if (before !== undefined) {
      this.#seen.set(network, before + 1);
      this.#unsaid += 1;
      return;
    }
    if (this.#seen.size >= ADDRESSES) {
      this.#unsaid += 1;
      return;
    }
    this.#seen.set(network, 1);
    const reason = why === undefined ? REFUSALS[refusal] : `${REFUSALS[refusal]}: ${why}`;
    const more = this.#unsaid === 0 ? {} : { leftOut: this.#unsaid };
    this.#unsaid = 0;
    this.#log.warn('a connection was turned away', { code: 'HB190', address, refusal, reason, ...more });
  }

  #turnMinute(): void {
    if (this.#clock.mono() - this.#since < MINUTE_MS) return;
    this.#since = this.#clock.mono();
    this.#seen = new Map();
  }
}
