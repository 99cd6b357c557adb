import { type Refusal, rejected } from './refusal.ts';

/** Commands a second of one sender. */
export const RATE = 50;
/** Senders remembered; of more the one that was silent longest begins anew. */
const MOST = 2_000;

interface Bucket {
  tokens: number;
  at: number;
}

/** One command, as far as its rate goes. */
export interface Share {
  /** What is counted: a sender, or a sender and a point. */
  readonly who: string;
  /** Who is told. */
  readonly issuer: string;
  readonly perSecond: number;
  /** So many may come at once; default as many as in a second. */
  readonly burst?: number;
  readonly now: number;
}

/** How many commands a sender may give in a second. */
export class Rates {
  /** The one that was silent longest first. */
  readonly #buckets = new Map<string, Bucket>();

  /** Undefined: it is not too much. */
  refusal({ who, issuer, perSecond, burst = Math.max(Math.floor(perSecond), 1), now }: Share): Refusal | undefined {
    const { tokens, at } = this.#buckets.get(who) ?? { tokens: burst, at: now };
    const left = Math.min(burst, tokens + ((now - at) * perSecond) / 1_000);
    this.#buckets.delete(who);
    this.#buckets.set(who, { tokens: left < 1 ? left : left - 1, at: now });
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > MOST && oldest !== undefined) this.#buckets.delete(oldest);
    return left < 1 ? rejected('HB360', `${issuer} gives more than ${perSecond} commands a second`) : undefined;
  }
}
