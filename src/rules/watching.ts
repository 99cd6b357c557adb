import type { Machine } from './machine.ts';
import { TestWatch, type Watch } from './watches.ts';

/** Puts a watch to the points that it mentions. */
export function addWatch({ clockWatches }: Machine, watch: Watch): void {
  for (const slot of watch.slots) slot.watchers = [...slot.watchers, watch];
  if (watch instanceof TestWatch && watch.readsClock) clockWatches.add(watch);
}

export function removeWatch({ clockWatches }: Machine, watch: Watch): void {
  for (const slot of watch.slots) slot.watchers = slot.watchers.filter((other) => other !== watch);
  if (!(watch instanceof TestWatch)) return;
  watch.stop();
  clockWatches.delete(watch);
}
