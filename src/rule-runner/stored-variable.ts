import { isValue, type Value } from '../schemes/reading.ts';
import { isRecord } from '../schemes/yaml-value.ts';

/** One variable as the disk keeps it. */
export interface StoredVariable {
  readonly value: Value;
  /** When it was set, ms since 1970; absent when nobody knew the time. */
  readonly at?: number;
  readonly by: string;
  /** The day, week, month or year that a counter counts. */
  readonly period?: string;
}

const MOST = 1_000;

/** Takes what is right of what was stored. */
export function parseStored(stored: unknown): Map<string, StoredVariable> {
  const entries = isRecord(stored) ? Object.entries(stored).slice(0, MOST) : [];
  return new Map(
    entries.flatMap(([name, raw]): [string, StoredVariable][] => {
      if (!isRecord(raw) || !isValue(raw.value)) return [];
      const { value, at, by, period } = raw;
      const entry = {
        value,
        by: typeof by === 'string' ? by : 'unknown',
        ...(typeof at === 'number' && { at }),
        ...(typeof period === 'string' && { period }),
      };
      return [[name, entry]];
    }),
  );
}
