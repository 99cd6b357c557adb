const STEPS: readonly (readonly [number, string])[] = [
  [1e9, 'GB'],
  [1e6, 'MB'],
  [1e3, 'kB'],
];

/** Bytes for people: `812 B`, `4.1 kB`, `21 MB`. */
export function bytesText(bytes: number): string {
  for (const [size, unit] of STEPS) if (bytes >= size) return `${short(bytes / size)} ${unit}`;
  return `${Math.round(bytes)} B`;
}

/** A number of things per second, say: `0`, `0.4`, `1200`. */
export function short(value: number): string {
  return value < 10 ? String(Math.round(value * 10) / 10) : String(Math.round(value));
}
