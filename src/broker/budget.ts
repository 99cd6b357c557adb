/** What waits for one client, connected or not. */
export interface Holder {
  readonly waitingBytes: number;
  readonly isConnected: boolean;
  /** Gives up its oldest messages until no more than `bytes` wait; a connected client is disconnected first. */
  cutTo(bytes: number): void;
}

/** What relief leaves free at least, as a part of the limit, so that it does not come at each message. */
const TARGET = 7 / 8;
/** How far the level goes down at each step. */
const STEP = 3 / 4;

/**
 * The memory for the messages of all clients together. When it is used up, the sessions without a client pay first: the
 * fullest lose their oldest messages, down to one level for all. When that is not enough, the connected clients with
 * the most that waits are disconnected, one by one.
 */
export class Budget {
  readonly #limit: number;
  readonly #tally: { waitingBytes: number };
  readonly #holders = new Set<Holder>();
  #isRelieving = false;

  constructor(limit: number, tally: { waitingBytes: number }) {
    this.#limit = limit;
    this.#tally = tally;
  }

  join(holder: Holder): void {
    this.#holders.add(holder);
  }

  leave(holder: Holder): void {
    this.#holders.delete(holder);
  }

  /** So many bytes more wait, or fewer. */
  add(bytes: number): void {
    this.#tally.waitingBytes += bytes;
  }

  /** Makes room when too much waits. */
  keep(): void {
    if (this.#tally.waitingBytes <= this.#limit || this.#isRelieving) return;
    this.#isRelieving = true;
    try {
      this.#relieve(this.#limit * TARGET);
    } finally {
      this.#isRelieving = false;
    }
  }

  #relieve(target: number): void {
    const fullest = [...this.#holders].sort((one, other) => other.waitingBytes - one.waitingBytes);
    const absent = fullest.filter(({ isConnected }) => !isConnected);
    const level = levelFor(absent, this.#tally.waitingBytes - target);
    for (const holder of absent) if (holder.waitingBytes > level) holder.cutTo(level);
    for (const holder of fullest) {
      if (this.#tally.waitingBytes <= target) return;
      if (holder.isConnected) holder.cutTo(0);
    }
  }
}

/** The level to which holders, fullest first, must come down to free so many bytes; 0 when they hold less. */
function levelFor(holders: readonly Holder[], wanted: number): number {
  let level = holders[0]?.waitingBytes ?? 0;
  while (level >= 1 && freedAt(level, holders) < wanted) level *= STEP;
  return level < 1 ? 0 : level;
}

function freedAt(level: number, holders: readonly Holder[]): number {
  let freed = 0;
  for (const { waitingBytes } of holders) {
    if (waitingBytes <= level) return freed;
    freed += waitingBytes - level;
  }
  return freed;
}
