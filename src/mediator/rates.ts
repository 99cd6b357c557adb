/** Senders remembered; above that all begin anew. */
const MOST = 2_000;

interface Bucket {
  tokens: number;
  at: number;
}

/** How many commands a sender may give in a second. */
export class Rates {
  readonly #buckets = new Map<string, Bucket>();

  /** False when it is one too many. `burst`: so many may come at once. */
  take(who: string, { perSecond, burst, now }: { perSecond: number; burst: number; now: number }): boolean {
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
