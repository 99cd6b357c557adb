import type { Found } from '../schemes/found.ts';
import { freeName, nameFrom } from '../schemes/names.ts';

/** What the node remembers of a device it has met: enough to show it, under its name, while it is away. */
export interface Acquaintance {
  readonly name: string;
  readonly kind: string;
  readonly group: string;
  readonly about?: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Acquaintances by place, the identity of a device. Kept in the data directory. */
export type NameBook = Readonly<Record<string, Acquaintance>>;

/**
 * The book after a harvest: known places keep their name for ever, new ones get the first free one.
 * `wanted` are the names a person gave by place; they win, and whoever had such a name before gets another.
 */
export function meet(
  book: NameBook,
  found: readonly Found[],
  wanted: ReadonlyMap<string, string> = new Map(),
): NameBook {
  const next = new Map(Object.entries(book));
  const given = new Set(wanted.values());
  for (const [place, known] of next) {
    if (given.has(known.name) && wanted.get(place) !== known.name) next.set(place, renamed(known, next, given));
  }
  for (const device of [...found].sort((a, b) => (a.at < b.at ? -1 : 1))) {
    const { kind, group, about, options } = device;
    const name =
      wanted.get(device.at) ?? next.get(device.at)?.name ?? freeName(nameFrom(device.name), takenBy(next, given));
    next.set(device.at, { name, kind, group, options, ...(about === undefined ? {} : { about }) });
  }
  return Object.fromEntries(next);
}

function takenBy(book: ReadonlyMap<string, Acquaintance>, given: ReadonlySet<string>): (name: string) => boolean {
  const names = new Set([...book.values()].map(({ name }) => name));
  return (name) => names.has(name) || given.has(name);
}

function renamed(
  known: Acquaintance,
  book: ReadonlyMap<string, Acquaintance>,
  given: ReadonlySet<string>,
): Acquaintance {
  return { ...known, name: freeName(known.name, takenBy(book, given)) };
}

/** Reads the stored book; anything that does not fit is left out. */
export function parseNameBook(raw: unknown): NameBook {
  if (typeof raw !== 'object' || raw === null) return {};
  return Object.fromEntries(
    Object.entries(raw).filter((entry): entry is [string, Acquaintance] => isAcquaintance(entry[1])),
  );
}

function isAcquaintance(raw: unknown): raw is Acquaintance {
  if (typeof raw !== 'object' || raw === null) return false;
  const { name, kind, group, options } = raw as Partial<Acquaintance>;
  return (
    [name, kind, group].every((text) => typeof text === 'string') && typeof options === 'object' && options !== null
  );
}
