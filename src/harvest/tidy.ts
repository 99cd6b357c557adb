import type { Found, Report, Seen } from '../schemes/found.ts';

/** Devices of one agent; a machine with more is under attack, or a case for a scheme of its own. */
export const MOST_FOUND = 1_000;

/** Characters that steer a terminal or turn the direction of writing. */
const UNPRINTABLE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;

/**
 * A report that can be shown and used: no text of the machine steers a terminal, and no agent brings devices without
 * end. A device whose place or options cannot be printed is seen, not claimed: nobody could write its name.
 */
export function tidy({ found, seen }: Report): Report {
  const isFine = ({ at, options }: Found) => !UNPRINTABLE.test(at) && Object.values(options).every(isPrintable);
  const fine = found.filter(isFine);
  const odd = found.filter((device) => !isFine(device)).map(refused);
  return { found: fine.slice(0, MOST_FOUND).map(shown), seen: [...seen, ...odd, ...tooMany(fine)].map(printed) };
}

const isPrintable = (value: unknown): boolean => typeof value !== 'string' || !UNPRINTABLE.test(value);

function refused({ group, at, provenance }: Found): Seen {
  return { group, what: at, source: provenance.source, why: 'its name has characters that cannot be printed' };
}

function tooMany(found: readonly Found[]): readonly Seen[] {
  const [first] = found.slice(MOST_FOUND);
  if (first === undefined) return [];
  const why = `no more than ${MOST_FOUND} of a kind are claimed; write the wanted ones under devices`;
  return [{ group: first.group, what: `${found.length - MOST_FOUND} more of kind ${first.kind}`, source: '/sys', why }];
}

function shown({ provenance, about, ...device }: Found): Found {
  const { source, why } = provenance;
  const clean = { ...device, provenance: { source: printable(source), why: printable(why) } };
  return about === undefined ? clean : { ...clean, about: printable(about) };
}

function printed({ what, source, why, ...rest }: Seen): Seen {
  return { ...rest, what: printable(what), source: printable(source), why: printable(why) };
}

const printable = (text: string): string => text.replaceAll(new RegExp(UNPRINTABLE, 'gu'), '?');
