import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Act, Records } from './events.ts';

// What the process of the node writes into files outside its data, with a plain `write`: it is there whatever happens to
// the process.

/** `<value> <time>` for each act of the hardware. */
export const actsIn = (folder: string): string => join(folder, 'acts.txt');
/** `accepted <id> <time>` and `found <id> <time>` of the records in the outbox. */
export const recordsIn = (folder: string): string => join(folder, 'records.txt');

export function readActs(folder: string): readonly Act[] {
  return rows(actsIn(folder)).map(([value = '', at = '']) => ({ value: Number(value), at: Number(at) }));
}

export function readRecords(folder: string): Records {
  const all = rows(recordsIn(folder));
  return {
    accepted: all.filter(([what]) => what === 'accepted').map(([, id = '', at = '']) => ({ id, at: Number(at) })),
    found: new Set(all.filter(([what]) => what === 'found').map(([, id = '']) => id)),
  };
}

/** The last row may be cut short when it is read while it is written: it does not count. */
function rows(path: string): readonly (readonly string[])[] {
  const text = readFileSync(path, 'utf8');
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(' '));
}
