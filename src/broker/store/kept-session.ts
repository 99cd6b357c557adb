import type { Outcome, SessionPage, SessionSource } from './session-page.ts';

/** What the broker tells of one session. Each call costs a few comparisons. */
export interface KeptSession {
  /** Subscriptions, expiry, owner, will, or whether its client is there. */
  factsChanged(): void;
  /** QoS 2 packet identifiers received. */
  receivedChanged(): void;
  /** Whether the disk may have this one among them: `settle` before its client may use it anew. */
  hasReceived(id: number): boolean;
  /** What waits, was sent or was acknowledged. `isDurable`: `settle` is to wait for it. */
  queueChanged(isDurable?: boolean): void;
  /** The session is no more; nothing may be called afterwards. */
  end(): void;
}

/** One session that the broker has told of. */
export class Kept implements KeptSession {
  readonly #source: SessionSource | undefined;
  readonly #page: SessionPage;
  readonly #note: (isUrgent: boolean) => void;
  #facts = false;
  #received = false;
  #queue = false;
  #isUrgent = false;
  /** It ends with its connection: nothing of it is kept, whatever changes. */
  #isOff = false;
  #hasEnded = false;

  constructor(source: SessionSource | undefined, page: SessionPage, note: (isUrgent: boolean) => void) {
    this.#source = source;
    this.#page = page;
    this.#note = note;
  }

  get size(): number {
    return this.#page.size;
  }

  factsChanged(): void {
    if (this.#facts && !this.#isOff) return;
    this.#facts = true;
    this.#isOff = false;
    this.#note(false);
  }

  receivedChanged(): void {
    if (this.#received || this.#isOff) return;
    this.#received = true;
    this.#note(false);
  }

  hasReceived(id: number): boolean {
    return this.#page.hasReceived(id);
  }

  queueChanged(isDurable = false): void {
    if (this.#isOff || (this.#queue && (!isDurable || this.#isUrgent))) return;
    this.#queue = true;
    this.#isUrgent ||= isDurable;
    this.#note(this.#isUrgent);
  }

  end(): void {
    this.#hasEnded = true;
    this.#note(true);
  }

  /** Brings the disk up to date. */
  write(isNow: boolean): Outcome {
    const source = this.#source;
    if (this.#hasEnded || source === undefined || source.facts().expiryMs === 0) return this.#erase();
    if (this.#facts && !this.#page.writeFacts(source)) return 'full';
    if (this.#received && !this.#page.writeReceived(source)) return 'full';
    this.#facts = false;
    this.#received = false;
    const outcome = this.#queue ? this.#page.writeEntries(source, isNow) : 'done';
    this.#queue = outcome !== 'done';
    this.#isUrgent &&= this.#queue;
    return outcome;
  }

  /** A session that ends with its connection is not kept; if it is to live longer later, all of it is new. */
  #erase(): Outcome {
    const outcome = this.#page.erase();
    if (outcome !== 'done') return outcome;
    this.#isOff = true;
    this.#isUrgent = false;
    this.#facts = true;
    this.#received = true;
    this.#queue = true;
    return 'done';
  }
}
