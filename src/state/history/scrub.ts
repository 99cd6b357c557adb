import type { Log } from '../../kit/log.ts';
import { Damage } from './damage.ts';
import type { HistoryStore } from './store.ts';
import type { Turn } from './turn.ts';

interface ScrubWorld {
  readonly turn: Turn;
  readonly log: Log;
}

/**
 * Looks at all blocks of the first slot after `after`; those that are not what was written go, and it is told. The number
 * of the slot, undefined when there is none. Throws when the database itself is damaged.
 */
export async function scrubSlot(store: HistoryStore, after: number, world: ScrubWorld): Promise<number | undefined> {
  const slot = store.slots.find(({ id }) => id > after);
  if (slot === undefined) return undefined;
  for (const point of store.tables.pointsIn(slot.id)) {
    if (isWhole(store, slot.id, point)) store.book.withId(point)?.saw(slot.first, slot.last);
    else dropBlock(store, slot.id, point, world.log);
    if (world.turn.isOver) await world.turn.pass();
  }
  return slot.id;
}

/** Takes away a block that cannot be read. */
export function dropBlock(store: HistoryStore, slot: number, point: number, log: Log): void {
  store.tables.dropBlock(slot, point);
  const name = store.book.withId(point)?.point.name ?? `point ${point}`;
  const fix = 'nothing to do; if it comes again, change the card';
  log.warn('a part of the history is damaged and was left out', { code: 'HB383', point: name, fix });
}

function isWhole(store: HistoryStore, slot: number, point: number): boolean {
  try {
    return store.tables.block(slot, point) !== undefined;
  } catch (error) {
    if (error instanceof Damage) return false;
    throw error;
  }
}
