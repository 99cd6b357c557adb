/** A number with its unit, as people write it: `5s`, `30%`, `0.2°C`, `2.6 V`. */
export interface Quantity {
  readonly value: number;
  /** Empty for a bare number. */
  readonly unit: string;
}

const pattern = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*([^\d\s.+-][^\s]*)?$/u;

export function parseQuantity(text: string): Quantity | undefined {
  const match = pattern.exec(text.trim());
  if (match === null) return undefined;
  return { value: Number(match[1]), unit: match[2] ?? '' };
}

/** Duration units in ms. */
export const DURATION_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** `5s`, `1.5min`, `1h30min` in ms; undefined when it is not a duration with units. Negative is allowed here. */
export function parseDuration(text: string): number | undefined {
  const parts = text.trim().match(/^([+-]?)((?:\d+(?:\.\d+)?\s*(?:ms|min|s|h|d|w)\s*)+)$/);
  if (parts === null) return undefined;
  let total = 0;
  for (const [, amount, unit] of (parts[2] ?? '').matchAll(/(\d+(?:\.\d+)?)\s*(ms|min|s|h|d|w)/g)) {
    total += Number(amount) * (DURATION_MS[unit ?? ''] ?? Number.NaN);
  }
  return parts[1] === '-' ? -total : total;
}

/** ms in the largest unit that keeps it whole: `90s`, `5min`, `250ms`. */
export function durationText(ms: number): string {
  for (const unit of ['d', 'h', 'min', 's'] as const) {
    const size = DURATION_MS[unit] ?? 1;
    if (ms >= size && ms % size === 0) return `${ms / size}${unit}`;
  }
  return `${ms}ms`;
}
