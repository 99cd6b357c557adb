/** Steps within one doubling: a quantile is true to 2 %. */
const STEPS = 32;
const DOUBLINGS = 40;

/** How often which time was seen, in ms; from 1 us up, without keeping the times. */
export interface Histogram {
  add(ms: number, times: number): void;
  /** The time that this part (0 to 1) does not exceed; NaN when nothing was seen. */
  quantile(part: number): number;
  readonly largest: number;
  clear(): void;
}

export function makeHistogram(): Histogram {
  const counts = new Float64Array(STEPS * DOUBLINGS);
  let total = 0;
  let largest = 0;
  return {
    add(ms, times) {
      const step = Math.max(0, Math.round(Math.log2(Math.max(ms, 1e-3) * 1e3) * STEPS));
      const index = Math.min(step, counts.length - 1);
      counts[index] = (counts[index] ?? 0) + times;
      total += times;
      if (ms > largest) largest = ms;
    },
    quantile(part) {
      let left = total * part;
      for (let index = 0; index < counts.length; index += 1) {
        left -= counts[index] ?? 0;
        if (left <= 0 && total > 0) return 2 ** (index / STEPS) / 1e3;
      }
      return Number.NaN;
    },
    get largest() {
      return largest;
    },
    clear() {
      counts.fill(0);
      total = 0;
      largest = 0;
    },
  };
}
