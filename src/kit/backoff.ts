export interface BackoffLimits {
  readonly firstMs: number;
  readonly lastMs: number;
}

/** 1 s doubling to 60 s. */
export const DEVICE_BACKOFF: BackoffLimits = { firstMs: 1_000, lastMs: 60_000 };

/**
 * The wait before try number `failures` + 1, in ms: doubling from `firstMs` to `lastMs`, with "equal jitter"
 * (between half and the whole), so that many that failed together do not come back together.
 * `random` gives 0 <= x < 1.
 */
export function backoff(failures: number, random: () => number, limits: BackoffLimits = DEVICE_BACKOFF): number {
  const whole = Math.min(limits.lastMs, limits.firstMs * 2 ** Math.min(Math.max(failures - 1, 0), 30));
  return whole / 2 + (whole / 2) * random();
}
