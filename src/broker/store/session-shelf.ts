import type { Cancel, Clock } from '../../kit/clock.ts';
import type { Table } from '../../state/log/table.ts';
import { Kept, type KeptSession } from './kept-session.ts';
import { type Outcome, SessionPage, type SessionSource } from './session-page.ts';
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
      const outcome = kept.write(true);
      if (outcome === 'full' || outcome === 'more') return false;
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
    const hasMore = this.#look();
    // Those that are too new wait for the next look.
    if (!hasMore) for (const kept of this.#later.splice(0)) this.#changed.add(kept);
    if (this.waiting > 0) this.#arm(hasMore ? 0 : this.#options.sessionMs * LOOK);
  }

  /** True when there is more to look at in the next turn. */
  #look(): boolean {
    let left = TURN_MESSAGES;
    for (const kept of this.#changed) {
      const outcome = left > 0 ? this.#write(kept) : 'more';
      if (outcome === 'full' || outcome === 'more') return outcome === 'more';
      left -= 1 + kept.size;
    }
    return false;
  }

  #write(kept: Kept): Outcome {
    if (!this.#options.table.writable) return 'full';
    const outcome = kept.write(this.#urgent.has(kept));
    if (outcome === 'full' || outcome === 'more') return outcome;
    this.#changed.delete(kept);
    this.#urgent.delete(kept);
    if (outcome === 'later') this.#later.push(kept);
    return outcome;
  }
}
