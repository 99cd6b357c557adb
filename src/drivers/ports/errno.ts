import { constants } from 'node:os';

/** Linux has it, Node does not name it: the adapter says that nobody acknowledged. */
const EREMOTEIO = 121;

/** `EBUSY` for 16; the number itself when this system has no name for it. */
export function errnoName(number: number): string {
  if (number === EREMOTEIO) return 'EREMOTEIO';
  return Object.entries(constants.errno).find(([, known]) => known === number)?.[0] ?? `error ${number}`;
}
