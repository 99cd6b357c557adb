import type { Machine } from './machine.ts';
import { TestWatch, type Watch } from './watches.ts';

/** Puts a watch to the points that it mentions. */
export function addWatch({ clockWatches }: Machine, watch: Watch): void {
  for (const slot of watch.slots) slot.watchers.push(watch);
  if (watch instanceof TestWatch && watch.readsClock) clockWatches.add(watch);
}

export function removeWatch({ clockWatches }: Machine, watch: Watch): void {
  for (const { watchers } of watch.slots) {
    const place = watchers.indexOf(watch);
    if (place >= 0) watchers.splice(place, 1);
  }
  if (!(watch instanceof TestWatch)) return;
  watch.stop();
  clockWatches.delete(watch);
}
