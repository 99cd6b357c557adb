import type { CommandAck } from '../schemes/command.ts';
import type { Pending } from './pending.ts';
import { LONGEST_TTL_MS } from './read-command.ts';

/** What became of a command with this id, so far. */
export interface KnownId {
  readonly id: string;
  /** `device.point=value`: another command with the same id is somebody's mistake. */
  readonly what: string;
  readonly isOnce: boolean;
  /** Monotonic ms. */
  readonly at: number;
  ack: CommandAck;
  /** While it has no outcome. */
  pending: Pending | undefined;
}

/** Nobody can send a command again later than this: its time was over long before. */
const KEPT_MS = 2 * LONGEST_TTL_MS;

/**
 * The ids of commands, so that none is carried out twice. When it is full those of `set` go first, which do no harm when
 * they are repeated; then the oldest.
 */
export class IdBook {
  readonly #limit: number;
  readonly #onForget: (known: KnownId) => void;
  /** Oldest first. */
  readonly #sets = new Map<string, KnownId>();
  readonly #onces = new Map<string, KnownId>();

  constructor(onForget: (known: KnownId) => void, limit = 20_000) {
    this.#onForget = onForget;
    this.#limit = limit;
  }

  get size(): number {
    return this.#sets.size + this.#onces.size;
  }

  get(id: string): KnownId | undefined {
    return this.#onces.get(id) ?? this.#sets.get(id);
  }

  add(known: KnownId): void {
    (known.isOnce ? this.#onces : this.#sets).set(known.id, known);
    this.#tidy(known.at);
  }

  #tidy(now: number): void {
    for (const book of [this.#sets, this.#onces]) {
      for (const known of book.values()) {
        if (known.at > now - KEPT_MS && this.size <= this.#limit) break;
        if (known.pending !== undefined) break; // it has no outcome yet
        book.delete(known.id);
        this.#onForget(known);
      }
    }
  }
}
