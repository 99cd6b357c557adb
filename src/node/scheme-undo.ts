import { HanbusError } from '../kit/errors.ts';
import type { SchemeLoop } from './scheme-loop.ts';
import type { VersionFacts } from './scheme-stored.ts';
import { absoluteTexts, changesBetween, type TextChanges, type Texts } from './scheme-version.ts';

/** A way back. */
export interface WayBack {
  readonly texts: TextChanges;
  /** The version that comes back. */
  readonly version: VersionFacts;
}

type Loop = Pick<SchemeLoop, 'history' | 'keeper' | 'source'>;

/**
 * What must be written to go back: to a version by number, or by one. One back from files that are broken is the version
 * that runs. Undoing an undo brings back what was undone. Throws HB396.
 */
export async function wayBack(loop: Loop, to?: number): Promise<WayBack> {
  const now = await loop.keeper.read();
  const version = to === undefined ? before(loop, now.etag) : loop.history.find(to);
  const stored = version === undefined ? undefined : await loop.history.texts(version.number);
  if (version === undefined || stored === undefined) throw noVersion(to);
  const target = absoluteTexts(loop.source.main, stored);
  return { version, texts: await withoutIdle(loop, changesBetween(now.texts, target), target) };
}

function before({ history, keeper: { running } }: Loop, etag: string): VersionFacts | undefined {
  const latest = history.kept.at(-1);
  if (etag !== running.etag) return latest;
  return history.kept.findLast((one) => one.etag !== running.etag && one.number < (latest?.number ?? 0));
}

/** A file that the older version did not have is removed only where its includes would read it. */
async function withoutIdle(loop: Loop, changes: TextChanges, target: Texts): Promise<TextChanges> {
  const added = Object.keys(changes).filter((path) => changes[path] === null);
  if (added.length === 0) return changes;
  const kept = Object.fromEntries(Object.entries(changes).filter(([, text]) => text !== null));
  const { texts } = await loop.keeper.read(kept);
  const read = Object.keys(texts).filter((path) => !Object.hasOwn(target, path));
  return { ...kept, ...Object.fromEntries(read.map((path) => [path, null])) };
}

function noVersion(to: number | undefined): HanbusError {
  const message = to === undefined ? 'there is no version of the scheme to go back to' : `there is no version ${to}`;
  return new HanbusError('HB396', message, { fix: 'hanbus config versions' });
}
