import type { Clock } from '../../kit/clock.ts';
import { wordArg } from './args.ts';
import { eachNumber, type MakeFilter } from './filter.ts';

/** Start of the hour or day of this node's own time zone, ms since 1970. */
function periodOf(reset: string, clock: Clock): number {
  if (reset === 'ever') return 0;
  const time = new Date(clock.now());
  return reset === 'daily' ? time.setHours(0, 0, 0, 0) : time.setMinutes(0, 0, 0);
}

const HOUR_MS = 3_600_000;

interface Seen {
  readonly value: number;
  readonly at: number;
}

type Share = (value: number, nowMs: number, last: Seen | undefined) => number;

/** What one reading adds. */
const SHARES: Readonly<Record<string, Share>> = {
  readings: (value) => value,
  // A counter that falls has started again at 0.
  rises: (value, _now, last) => (last === undefined ? 0 : value >= last.value ? value - last.value : value),
  hours: (_value, nowMs, last) => (last === undefined ? 0 : (last.value * (nowMs - last.at)) / HOUR_MS),
};

export const total: MakeFilter = (args, world) => {
  const reset = wordArg(args, 'reset', 'ever');
  const share = SHARES[wordArg(args, 'of', 'readings')];
  let period = 0;
  let sum = 0;
  let last: Seen | undefined;
  return eachNumber(world, (value, nowMs) => {
    const now = periodOf(reset, world.clock);
    // A clock that is set back does not begin a new day.
    if (now > period) [period, sum] = [now, 0];
    sum += share?.(value, nowMs, last) ?? 0;
    last = { value, at: nowMs };
    return sum;
  });
};
