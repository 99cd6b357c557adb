import { getTimes } from 'suncalc';

export type SunEvent = 'dawn' | 'dusk' | 'noon' | 'sunrise' | 'sunset';

const DAY = 86_400_000;
/** Far north an event is away for half a year. */
const LONGEST_NIGHT_DAYS = 366;
/** Days remembered. */
const MOST_DAYS = 800;

/** Sunrise and the like at one place on earth. */
export interface Sun {
  /** The first after `wall`; undefined: none within a year. */
  next(event: SunEvent, wall: number): number | undefined;
  /** Whether it is up, and until when that holds for certain. */
  upAt(wall: number): { readonly isUp: boolean; readonly until: number };
}

type Times = ReturnType<typeof getTimes>;

function eventOf(times: Times, event: SunEvent): number | undefined {
  const date = event === 'noon' ? times.solarNoon : times[event];
  const at = date?.getTime();
  return at === undefined || Number.isNaN(at) ? undefined : at;
}

export function makeSun([north, east]: readonly [number, number]): Sun {
  const days = new Map<number, Times>();
  const timesOf = (day: number): Times => {
    let times = days.get(day);
    if (times === undefined) {
      if (days.size >= MOST_DAYS) days.clear();
      times = getTimes(new Date(day * DAY + DAY / 2), north, east);
      days.set(day, times);
    }
    return times;
  };

  const next = (event: SunEvent, wall: number): number | undefined => {
    const today = Math.floor(wall / DAY);
    for (let day = today - 1; day <= today + LONGEST_NIGHT_DAYS; day += 1) {
      const at = eventOf(timesOf(day), event);
      if (at !== undefined && at > wall) return at;
    }
    return undefined;
  };

  /** Rises and sets of the days around, in order. */
  const turnsAround = (today: number): readonly { at: number; isUp: boolean }[] => {
    const turns: { at: number; isUp: boolean }[] = [];
    for (let day = today - 2; day <= today + 2; day += 1) {
      for (const event of ['sunrise', 'sunset'] as const) {
        const at = eventOf(timesOf(day), event);
        if (at !== undefined) turns.push({ at, isUp: event === 'sunrise' });
      }
    }
    return turns.toSorted((a, b) => a.at - b.at);
  };

  let [since, known] = [Number.POSITIVE_INFINITY, { isUp: false, until: Number.NEGATIVE_INFINITY }];
  const upAt = (wall: number): { readonly isUp: boolean; readonly until: number } => {
    if (wall >= since && wall < known.until) return known;
    [since, known] = [wall, lookUp(wall)];
    return known;
  };

  const lookUp = (wall: number): { isUp: boolean; until: number } => {
    const today = Math.floor(wall / DAY);
    const turns = turnsAround(today);
    const last = turns.findLast(({ at }) => at <= wall);
    const next = turns.find(({ at }) => at > wall);
    // Without any turn around it is polar day or night.
    const isUp = last?.isUp ?? (next === undefined ? timesOf(today).alwaysUp === true : !next.isUp);
    return { isUp, until: Math.min(next?.at ?? Number.POSITIVE_INFINITY, (today + 1) * DAY) };
  };

  return { next, upAt };
}
