const SIZES: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1_000,
  KB: 1_000,
  KiB: 1_024,
  MB: 1_000_000,
  MiB: 1_048_576,
  GB: 1_000_000_000,
  GiB: 1_073_741_824,
};

/** `4MiB`, `500 kB` in bytes; undefined when it is not a size with a unit. */
export function parseByteSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([kKMG]i?B|B)$/.exec(text.trim());
  const size = SIZES[match?.[2] ?? ''];
  return match === null || size === undefined ? undefined : Math.round(Number(match[1]) * size);
}

/** Bytes in the largest binary unit that keeps them whole, else in the largest decimal one: `4MiB`, `500kB`, `1500B`. */
export function byteSizeText(bytes: number): string {
  for (const unit of ['GiB', 'GB', 'MiB', 'MB', 'KiB', 'kB']) {
    const size = SIZES[unit] ?? 1;
    if (bytes >= size && bytes % size === 0) return `${bytes / size}${unit}`;
  }
  return `${bytes}B`;
}
