import { type Refusal, rejected } from './refusal.ts';

/** Commands a second of one sender. */
export const RATE = 50;
/** Senders remembered; above that all begin anew. */
const MOST = 2_000;

interface Bucket {
  tokens: number;
  at: number;
}

/** One command, as far as its rate goes. */
export interface Share {
  readonly issuer: string;
  /** `device.point` */
  readonly name: string;
  /** Of one sender to this point. */
  readonly perSecond: number;
  /** It counts for all that the sender may give: not a member of a group, nor where the scheme gives the point a rate. */
  readonly isCounted: boolean;
  readonly now: number;
}

/** How many commands a sender may give in a second. */
export class Rates {
  readonly #buckets = new Map<string, Bucket>();

  /** Undefined: it is not too much. */
  refusal({ issuer, name, perSecond, isCounted, now }: Share): Refusal | undefined {
    if (isCounted && !this.#take(issuer, { perSecond: RATE, burst: 2 * RATE, now })) return tooMany(issuer, RATE);
    const burst = Math.max(Math.floor(perSecond), 1);
    return this.#take(`${issuer} ${name}`, { perSecond, burst, now }) ? undefined : tooMany(issuer, perSecond);
  }

  /** False when it is one too many. `burst`: so many may come at once. */
  #take(who: string, { perSecond, burst, now }: { perSecond: number; burst: number; now: number }): boolean {
    const bucket = this.#buckets.get(who) ?? { tokens: burst, at: now };
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) * perSecond) / 1_000);
    bucket.at = now;
    if (this.#buckets.size >= MOST && !this.#buckets.has(who)) this.#buckets.clear();
    this.#buckets.set(who, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}

function tooMany(issuer: string, perSecond: number): Refusal {
  return rejected('HB360', `${issuer} gives more than ${perSecond} commands a second`);
}
