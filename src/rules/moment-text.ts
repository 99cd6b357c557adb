import { clockText } from '../schemes/rules/clock-text.ts';
import type { Term } from '../schemes/rules/test.ts';

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const MINUTE_MS = 60_000;

/** `{time}` to the minute and `{weekday}`, as people say them; undefined for every other term. */
export function momentText({ op }: Term, value: number): string | undefined {
  if (op === 'weekday') return DAYS[value - 1];
  return op === 'time' ? clockText(Math.floor(value / MINUTE_MS) * MINUTE_MS) : undefined;
}
