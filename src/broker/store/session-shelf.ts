import type { Cancel, Clock } from '../../kit/clock.ts';
import type { Table } from '../../state/log/table.ts';
import { SessionPage, type SessionSource } from './session-page.ts';
import type { SharedMessages } from './shared-messages.ts';

export interface SessionShelfOptions {
  readonly table: Table;
  readonly shared: SharedMessages;
  readonly clock: Clock;
  /** What changed in a session is on its way to the disk after so long, with all of the table's own delay. */
  readonly sessionMs: number;
  /** Pages found at the start, by client. */
  readonly pages: Map<string, SessionPage>;
}

/** What the broker tells of one session. Each call costs a few comparisons. */
export interface KeptSession {
  /** Subscriptions, expiry, owner, will, or whether its client is there. */
  factsChanged(): void;
  /** QoS 2 packet identifiers received. */
  receivedChanged(): void;
  /** What waits, was sent or was acknowledged. `isDurable`: `settle` is to wait for it. */
  queueChanged(isDurable?: boolean): void;
  /** The session is no more; nothing may be called afterwards. */
  end(): void;
}

/** A change is looked at twice, and the table takes a part of the window itself. */
const LOOK = 0.4;
/** Messages that are looked at before the event loop gets a turn. */
const TURN_MESSAGES = 2_000;

/** The sessions on their way to the disk. */
export class SessionShelf {
  readonly #options: SessionShelfOptions;
  /** In the order in which they changed: the end of a session comes before the next one of that client. */
  readonly #changed = new Set<Kept>();
  readonly #urgent = new Set<Kept>();
  #later: Kept[] = [];
  #cancel: Cancel | undefined;

  constructor(options: SessionShelfOptions) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#changed.size + this.#later.length;
  }

  keep(source: SessionSource): KeptSession {
    const { pages, table, shared } = this.#options;
    const { clientId } = source;
    const page = pages.get(clientId) ?? new SessionPage({ table, shared, clientId });
    pages.delete(clientId);
    const kept = new Kept(source, page, (urgent) => this.#note(kept, urgent));
    kept.factsChanged();
    kept.queueChanged();
    return kept;
  }

  /** Takes off the disk what nobody has kept since the start. */
  dropOthers(): void {
    const { pages } = this.#options;
    for (const page of pages.values()) {
      const gone = new Kept(undefined, page, (urgent) => this.#note(gone, urgent));
      gone.end();
    }
    pages.clear();
  }

  /** Writes what must be on the disk now. False when the table takes no more. */
  writeUrgent(): boolean {
    for (const kept of this.#urgent) {
      if (kept.write(true) === 'full') return false;
      this.#urgent.delete(kept);
      this.#changed.delete(kept);
    }
    return true;
  }

  writeAll(): boolean {
    for (const kept of this.#later.splice(0)) this.#changed.add(kept);
    for (const kept of this.#changed) this.#urgent.add(kept);
    return this.writeUrgent();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #note(kept: Kept, isUrgent: boolean): void {
    this.#changed.add(kept);
    if (isUrgent) this.#urgent.add(kept);
    if (this.#cancel === undefined) this.#arm(this.#options.sessionMs * LOOK);
  }

  #arm(ms: number): void {
    this.#cancel = this.#options.clock.after(ms, () => {
      this.#cancel = undefined;
      this.#turn();
    });
  }

  #turn(): void {
    const { table, sessionMs } = this.#options;
    let left = TURN_MESSAGES;
    for (const kept of this.#changed) {
      if (left <= 0 || !table.writable || !this.#write(kept)) break;
      left -= 1 + kept.size;
    }
    // Those that are too new wait for the next look, behind the ones that this one did not come to.
    const isRoundOver = left > 0;
    if (isRoundOver) for (const kept of this.#later.splice(0)) this.#changed.add(kept);
    if (this.#changed.size + this.#later.length > 0) this.#arm(isRoundOver ? sessionMs * LOOK : 0);
  }

  /** False when the table takes no more. */
  #write(kept: Kept): boolean {
    const outcome = kept.write(this.#urgent.has(kept));
    if (outcome === 'full') return false;
    this.#changed.delete(kept);
    this.#urgent.delete(kept);
    if (outcome === 'later') this.#later.push(kept);
    return true;
  }
}

/** One session that the broker has told of. */
class Kept implements KeptSession {
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
  write(isNow: boolean): 'done' | 'full' | 'later' {
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
  #erase(): 'done' | 'full' {
    if (!this.#page.erase()) return 'full';
    this.#isOff = true;
    this.#isUrgent = false;
    this.#facts = true;
    this.#received = true;
    this.#queue = true;
    return 'done';
  }
}
