import type { BookRoom } from './book-room.ts';
import type { Entry } from './entry.ts';
import type { Group } from './group.ts';
import type { NotAccepted } from './not-accepted.ts';

/** Hears that an item is on the disk, or why it is not. */
export type Done = (error?: NotAccepted) => void;

export interface Pending {
  readonly entry: Entry;
  readonly done: Done;
}

/** What one group was made of. */
export interface Taken {
  readonly sync: readonly Pending[];
  readonly lazy: readonly Entry[];
  readonly moved: readonly Entry[];
  readonly group: Group;
}

/** Which parts of the work are to be taken. */
export interface Wish {
  readonly spills: boolean;
  readonly moves: boolean;
}

/** A group is no larger, other than by one item. One that is larger than a segment is a segment of its own. */
const GROUP_BYTES = 1_048_576;

/** All that is to be written. */
export class Work {
  pending: Pending[] = [];
  /** To be written again elsewhere: found in a damaged file, or in one that is nearly empty. */
  moving: Entry[] = [];
  readonly #room: BookRoom;
  #entries: Entry[] = [];
  #bytes = 0;

  constructor(room: BookRoom) {
    this.#room = room;
  }

  /** The next group; undefined when there is nothing to write and nobody to tell. */
  take({ spills, moves }: Wish): Taken | undefined {
    this.#entries = [];
    this.#bytes = 0;
    const sync = this.#takeSync();
    const moved = moves ? this.#takeMoved() : [];
    const lazy = spills ? this.#takeLazy() : [];
    if (sync.length === 0 && this.#entries.length === 0) return undefined;
    return { sync, moved, lazy, group: { entries: this.#entries, bytes: this.#bytes } };
  }

  /** It could not be written: all is where it was. */
  giveBack({ sync, moved, lazy }: Taken): void {
    this.pending = [...sync, ...this.pending];
    this.moving = [...moved, ...this.moving];
    this.#room.returnToMemory(lazy);
  }

  #takeSync(): Pending[] {
    let used = 0;
    for (const { entry } of this.pending) {
      if (this.#bytes >= GROUP_BYTES) break;
      used += 1;
      // Whoever waited for it may have it by now.
      if (entry.waiting !== 0) this.#add(entry);
    }
    const taken = this.pending.slice(0, used);
    this.pending = this.pending.slice(used);
    return taken;
  }

  #takeMoved(): Entry[] {
    const moved: Entry[] = [];
    while (this.#bytes < GROUP_BYTES && this.moving.length > 0) {
      const entry = this.moving.shift();
      if (entry === undefined || entry.waiting === 0) continue;
      moved.push(entry);
      this.#add(entry);
    }
    return moved;
  }

  #takeLazy(): Entry[] {
    const lazy: Entry[] = [];
    for (let entry = this.#room.firstInMemory; entry !== undefined; entry = this.#room.firstInMemory) {
      if (this.#bytes >= GROUP_BYTES) break;
      this.#room.leavesMemory(entry);
      lazy.push(entry);
      this.#add(entry);
    }
    return lazy;
  }

  #add(entry: Entry): void {
    this.#entries.push(entry);
    this.#bytes += entry.size;
  }
}
