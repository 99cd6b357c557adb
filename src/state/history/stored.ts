import type { SQLOutputValue } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { Damage } from './damage.ts';

/** The name, type and unit of a point, as JSON. */
export interface StoredPoint {
  readonly id: number;
  readonly facts: string;
}

/** What was gathered in one transaction: rows of many points. */
export interface StoredBatch {
  readonly id: number;
  readonly base: number;
  readonly data: Uint8Array;
}

/** A stretch of time; its blocks stand beside each other. */
export interface Slot {
  readonly id: number;
  /** Times of its first and last row. */
  readonly first: number;
  readonly last: number;
}

/** The rows of one point in one slot. */
export interface StoredBlock {
  readonly slot: number;
  readonly point: number;
  readonly base: number;
  readonly data: Uint8Array;
}

export interface StoredTotal {
  readonly point: number;
  /** `20261122`. */
  readonly day: number;
  readonly increase: number;
  readonly last: number;
}

/** A row as SQLite gives it. */
export type Fields = Readonly<Record<string, SQLOutputValue>>;

/** The checksum of a row. */
export function sumOf(fields: readonly (number | string)[], data?: Uint8Array): number {
  const sum = crc32(JSON.stringify(fields));
  return data === undefined ? sum : crc32(data, sum);
}

export function pointOf({ id, facts, sum }: Fields): StoredPoint {
  if (typeof id !== 'number' || typeof facts !== 'string' || sumOf([id, facts]) !== sum) throw damaged('point');
  return { id, facts };
}

export function batchOf({ id, base, data, sum }: Fields): StoredBatch {
  if (typeof id !== 'number' || typeof base !== 'number' || !(data instanceof Uint8Array)) throw damaged('batch');
  if (sumOf([id, base], data) !== sum) throw damaged('batch');
  return { id, base, data };
}

export function slotOf({ id, first, last, sum }: Fields): Slot {
  if (typeof id !== 'number' || typeof first !== 'number' || typeof last !== 'number') throw damaged('slot');
  if (sumOf([id, first, last]) !== sum) throw damaged('slot');
  return { id, first, last };
}

export function blockOf({ slot, point, base, data, sum }: Fields): StoredBlock {
  if (typeof slot !== 'number' || typeof point !== 'number' || typeof base !== 'number') throw damaged('block');
  if (!(data instanceof Uint8Array) || sumOf([slot, point, base], data) !== sum) throw damaged('block');
  return { slot, point, base, data };
}

export function totalOf({ point, day, increase, last, sum }: Fields): StoredTotal {
  if (typeof point !== 'number' || typeof day !== 'number') throw damaged('total');
  if (typeof increase !== 'number' || typeof last !== 'number') throw damaged('total');
  if (sumOf([point, day, increase, last]) !== sum) throw damaged('total');
  return { point, day, increase, last };
}

function damaged(what: string): Damage {
  return new Damage(`a ${what} of the history is not what was written`);
}
