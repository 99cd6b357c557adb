import { Cron } from 'croner';
import type { Trigger } from '../schemes/rules/rule.ts';
import type { LocalTime } from './local-time.ts';
import type { Sun } from './sun.ts';

const DAY = 86_400_000;
/** A compiled pattern takes 80 kB: only these many are kept. */
const MOST_PATTERNS = 4;

/** When a trigger by the clock is due. */
export interface Instants {
  /** The first instant after `wall`; Infinity: none. */
  next(wall: number): number;
}

export type ClockTrigger = Extract<Trigger, { readonly on: 'clock' | 'cron' | 'every' | 'sun' }>;

export const isClockTrigger = (trigger: Trigger): trigger is ClockTrigger =>
  trigger.on === 'clock' || trigger.on === 'cron' || trigger.on === 'every' || trigger.on === 'sun';

/** Patterns of one time zone; undefined: the pattern makes no sense. */
export type Crons = (pattern: string) => Cron | undefined;

export function makeCrons(timeZone: string): Crons {
  const known = new Map<string, Cron | undefined>();
  return (pattern) => {
    if (known.has(pattern)) return known.get(pattern);
    if (known.size >= MOST_PATTERNS) known.delete(known.keys().next().value ?? '');
    const cron = parse(pattern, timeZone);
    known.set(pattern, cron);
    return cron;
  };
}

function parse(pattern: string, timezone: string): Cron | undefined {
  try {
    return new Cron(pattern, { timezone, paused: true });
  } catch {
    // The check of the scheme has its own words for a wrong pattern; here it only never comes.
    return undefined;
  }
}

export interface InstantParts {
  readonly time: LocalTime;
  readonly sun: Sun | undefined;
  readonly crons: Crons;
}

export function instantsOf(trigger: ClockTrigger, { time, sun, crons }: InstantParts): Instants {
  switch (trigger.on) {
    case 'clock':
      return { next: (wall) => time.nextClock(trigger.atMs, wall) };
    case 'cron':
      return { next: (wall) => crons(trigger.pattern)?.nextRun(new Date(wall))?.getTime() ?? Number.POSITIVE_INFINITY };
    case 'every':
      return trigger.ms > DAY ? sinceFirst(trigger.ms) : sinceMidnight(trigger.ms, time);
    case 'sun': {
      const { event, offsetMs } = trigger;
      return {
        next: (wall) => (sun?.next(event, wall - offsetMs) ?? Number.POSITIVE_INFINITY) + offsetMs,
      };
    }
  }
}

/** Whole multiples of the time that has passed since local midnight; the day's last one may be shorter. */
function sinceMidnight(ms: number, time: LocalTime): Instants {
  return {
    next(wall) {
      const midnight = time.midnightBefore(wall);
      const next = midnight + (Math.floor((wall - midnight) / ms) + 1) * ms;
      return Math.min(next, time.nextClock(0, wall));
    },
  };
}

/** Longer than a day: whole multiples since 1970, so that a restart does not move them. */
function sinceFirst(ms: number): Instants {
  return { next: (wall) => (Math.floor(wall / ms) + 1) * ms };
}
