import type { Cancel, Clock } from '../../kit/clock.ts';
import type { BrokerCounts } from '../counts.ts';
import type { Session } from '../session.ts';
import type { Traffic } from './client-record.ts';

/** How long the first look waits for a rate, how far apart snapshots are, and how long after the last look they end. */
const FIRST_MS = 500;
const STEP_MS = 5_000;
const IDLE_MS = 60_000;

const NOTHING: Traffic = { messagesIn: 0, messagesOut: 0, bytesIn: 0, bytesOut: 0 };

interface Snapshot {
  /** `mono`, ms. */
  readonly at: number;
  readonly all: Traffic;
  readonly sessions: ReadonlyMap<Session, Traffic>;
}

export interface RatesWorld {
  readonly clock: Clock;
  readonly counts: Readonly<BrokerCounts>;
  readonly sessions: () => Iterable<Session>;
}

/** Messages and bytes per second over the last 5 to 10 s. Measures only while somebody looks. */
export class Rates {
  readonly #world: RatesWorld;
  #older: Snapshot | undefined;
  #newer: Snapshot | undefined;
  #lookedAt = 0;
  #cancel: Cancel | undefined;

  constructor(world: RatesWorld) {
    this.#world = world;
  }

  /** Settles when there is something to tell: at once when somebody has looked lately, else within half a second. */
  async look(): Promise<void> {
    const { clock } = this.#world;
    this.#lookedAt = clock.mono();
    if (this.#newer === undefined) {
      this.#newer = this.#take();
      this.#cancel = clock.after(STEP_MS, () => this.#step());
    }
    const { at } = this.#older ?? this.#newer;
    const left = at + FIRST_MS - clock.mono();
    if (left > 0) await new Promise<void>((resolve) => void clock.after(left, resolve));
  }

  /** Undefined while nobody looks. */
  of(session: Session): Traffic | undefined {
    return this.#rate(session.record.traffic, ({ sessions }) => sessions.get(session) ?? NOTHING);
  }

  all(): Traffic | undefined {
    return this.#rate(this.#world.counts, ({ all }) => all);
  }

  stop(): void {
    this.#cancel?.();
    this.#older = undefined;
    this.#newer = undefined;
  }

  #rate(now: Traffic, before: (snapshot: Snapshot) => Traffic): Traffic | undefined {
    const from = this.#older ?? this.#newer;
    if (from === undefined) return undefined;
    const seconds = (this.#world.clock.mono() - from.at) / 1_000;
    if (seconds <= 0) return undefined;
    const then = before(from);
    return {
      messagesIn: (now.messagesIn - then.messagesIn) / seconds,
      messagesOut: (now.messagesOut - then.messagesOut) / seconds,
      bytesIn: (now.bytesIn - then.bytesIn) / seconds,
      bytesOut: (now.bytesOut - then.bytesOut) / seconds,
    };
  }

  #step(): void {
    const { clock } = this.#world;
    if (clock.mono() - this.#lookedAt > IDLE_MS) {
      this.stop();
      return;
    }
    this.#older = this.#newer;
    this.#newer = this.#take();
    this.#cancel = clock.after(STEP_MS, () => this.#step());
  }

  #take(): Snapshot {
    const { clock, counts } = this.#world;
    const { messagesIn, messagesOut, bytesIn, bytesOut } = counts;
    const sessions = new Map<Session, Traffic>();
    for (const session of this.#world.sessions()) sessions.set(session, session.record.traffic);
    return { at: clock.mono(), all: { messagesIn, messagesOut, bytesIn, bytesOut }, sessions };
  }
}
