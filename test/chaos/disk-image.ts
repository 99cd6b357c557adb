import type { DiskAct } from './disk-trace.ts';

interface Change {
  readonly offset: number;
  /** Undefined: the file ends here. */
  readonly bytes?: Buffer;
  readonly order: number;
}

/** One file, whatever it is called. */
interface Body {
  readonly changes: Change[];
  /** Changes below this place in the order of all acts are on the disk. */
  synced: number;
}

type Naming = { readonly order: number } & (
  | { readonly to: 'name'; readonly path: string; readonly body: Body }
  | { readonly to: 'move'; readonly path: string; readonly target: string }
  | { readonly to: 'remove'; readonly path: string }
);

const SECTOR = 512;

/**
 * What a power cut after the first `count` acts leaves on a journalling file system: names in the order of the journal
 * up to some moment not before the last sync of their folder; of what was not synced in a file any part, in any order,
 * the last piece torn at a sector.
 */
export function cutAfter(acts: readonly DiskAct[], count: number, random: () => number): ReadonlyMap<string, Buffer> {
  const { namings, journal } = replay(acts.slice(0, count));
  const kept = journal + Math.floor(random() * (namings.length - journal + 1));
  const names = new Map<string, Body>();
  for (const naming of namings.slice(0, kept)) {
    if (naming.to === 'name') names.set(naming.path, naming.body);
    else {
      const body = names.get(naming.path);
      names.delete(naming.path);
      if (naming.to === 'move' && body !== undefined) names.set(naming.target, body);
    }
  }
  return new Map([...names].map(([path, body]) => [path, contentOf(body, random)]));
}

function replay(acts: readonly DiskAct[]) {
  const bodies = new Map<string, Body>();
  const namings: Naming[] = [];
  /** Names that are certain: how many of `namings`. */
  let journal = 0;
  for (const [order, act] of acts.entries()) {
    const { path } = act;
    const body = bodies.get(path);
    if (act.act === 'make') {
      if (body === undefined) {
        const fresh: Body = { changes: [], synced: 0 };
        bodies.set(path, fresh);
        namings.push({ to: 'name', path, body: fresh, order });
      } else if (act.isEmptied) body.changes.push({ offset: 0, order });
    } else if (act.act === 'write') body?.changes.push({ offset: act.offset, bytes: act.bytes, order });
    else if (act.act === 'cut') body?.changes.push({ offset: act.length, order });
    else if (act.act === 'move') {
      bodies.delete(path);
      if (body !== undefined) bodies.set(act.to, body);
      namings.push({ to: 'move', path, target: act.to, order });
    } else if (act.act === 'remove') {
      bodies.delete(path);
      namings.push({ to: 'remove', path, order });
    } else if (act.act === 'sync') {
      if (body !== undefined) body.synced = Math.max(body.synced, act.since);
      else journal = Math.max(journal, journalAt(namings, path, act.since));
    }
  }
  return { namings, journal };
}

/** After the sync of a folder the journal is on the disk up to the last change of a name in that folder. */
function journalAt(namings: readonly Naming[], folder: string, since: number): number {
  const isIn = (path: string) => path.split('/').slice(0, -1).join('/') === folder;
  return namings.findLastIndex(({ path, order }) => order < since && isIn(path)) + 1;
}

function contentOf({ changes, synced }: Body, random: () => number): Buffer {
  const sure = changes.filter(({ order }) => order < synced);
  const doubtful = changes.filter(({ order }) => order >= synced);
  const share = random();
  const kept = doubtful
    .filter(() => random() <= share)
    .map((change) => (random() < 0.2 ? torn(change, random) : change));
  let content: Buffer = Buffer.alloc(0);
  for (const change of [...sure, ...kept]) content = applied(content, change);
  return content;
}

function torn(change: Change, random: () => number): Change {
  const { bytes } = change;
  if (bytes === undefined) return change;
  const sectors = Math.floor((bytes.length / SECTOR) * random());
  return { ...change, bytes: bytes.subarray(0, sectors * SECTOR) };
}

function applied(content: Buffer, { offset, bytes }: Change): Buffer {
  if (bytes === undefined) return sized(content, offset);
  const end = offset + bytes.length;
  const next = content.length < end ? sized(content, end) : content;
  bytes.copy(next, offset);
  return next;
}

function sized(content: Buffer, length: number): Buffer {
  if (content.length >= length) return Buffer.from(content.subarray(0, length));
  return Buffer.concat([content, Buffer.alloc(length - content.length)]);
}
