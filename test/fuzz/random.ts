/** A random source that gives the same for the same seed, on every machine. */
export interface Random {
  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** True in so many of a hundred cases. */
  percent(chance: number): boolean;
  pick<T>(from: readonly [T, ...T[]]): T;
  /** Any of these, or undefined of none. */
  any<T>(from: readonly T[]): T | undefined;
  shuffle<T>(items: readonly T[]): T[];
  bytes(length: number): Buffer;
}

/** `mulberry32`: 32 bits of state, good enough to try things out with. */
export function makeRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value = (value + Math.imul(value ^ (value >>> 7), value | 61)) ^ value;
    return (value ^ (value >>> 14)) >>> 0;
  };
  const below = (limit: number) => next() % limit;
  return {
    below,
    between: (low, high) => low + below(high - low + 1),
    percent: (chance) => below(100) < chance,
    pick: (from) => from[below(from.length)] ?? from[0],
    any: (from) => (from.length === 0 ? undefined : from[below(from.length)]),
    shuffle(items) {
      const left = [...items];
      return items.flatMap(() => left.splice(below(left.length), 1));
    },
    bytes: (length) => Buffer.from(Array.from({ length }, () => below(256))),
  };
}
