import type { Clock } from '../../kit/clock.ts';

/** Failed logins of an address, or of a user from an address. */
interface Failures {
  readonly count: number;
  /** Monotonic: of the last failure. */
  readonly last: number;
  /** Monotonic: refused until then. */
  readonly until: number;
}

const MOST_FAILURES = 5;
const BLOCKED_MS = 60_000;
/** Failures further apart than this are no attempt to guess. */
const FORGOTTEN_MS = 600_000;
/** Addresses and pairs together. */
const MOST_ENTRIES = 4_096;
const MOST_KNOWN = 4_096;

/**
 * Holds up whoever guesses passwords: after 5 failures an address is refused for 60 s, and so is a user from there. A user
 * who came in well from this very address is only held up by his own failures, so that one device with an old password
 * does not shut out the others behind the same address, loopback above all.
 */
export class LoginGuard {
  readonly #clock: Clock;
  readonly #failures = new Map<string, Failures>();
  readonly #known = new Set<string>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  isBlocked(address: string, user: string): boolean {
    const pair = pairOf(address, user);
    if (this.#isBlocked(pair)) return true;
    return !this.#known.has(pair) && this.#isBlocked(address);
  }

  failed(address: string, user: string): void {
    this.#count(address);
    this.#count(pairOf(address, user));
  }

  succeeded(address: string, user: string): void {
    const pair = pairOf(address, user);
    this.#failures.delete(pair);
    this.#known.delete(pair);
    this.#known.add(pair);
    dropOldest(this.#known, MOST_KNOWN);
  }

  /** For the tests of its bounds. */
  get size(): number {
    return this.#failures.size + this.#known.size;
  }

  #isBlocked(key: string): boolean {
    return (this.#failures.get(key)?.until ?? Number.NEGATIVE_INFINITY) > this.#clock.mono();
  }

  #count(key: string): void {
    const now = this.#clock.mono();
    const before = this.#failures.get(key);
    const count = before !== undefined && isSameSeries(before, now) ? before.count + 1 : 1;
    const until = count >= MOST_FAILURES ? now + BLOCKED_MS : now;
    // To the end of the map: the oldest goes first.
    this.#failures.delete(key);
    this.#failures.set(key, { count, last: now, until });
    dropOldest(this.#failures, MOST_ENTRIES);
  }
}

/** While it is refused, a failure that was on its way already makes it longer. After that a new series begins. */
function isSameSeries({ count, last, until }: Failures, now: number): boolean {
  return now - last < FORGOTTEN_MS && (count < MOST_FAILURES || until > now);
}

function pairOf(address: string, user: string): string {
  return `${address}\n${user.slice(0, 128)}`;
}

function dropOldest(keys: Map<string, unknown> | Set<string>, most: number): void {
  if (keys.size <= most) return;
  const [oldest] = keys.keys();
  if (oldest !== undefined) keys.delete(oldest);
}
