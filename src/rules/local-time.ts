const QUARTER = 900_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A moment as the clock on the wall of the home shows it. */
export interface LocalTime {
  /** ms to add to UTC. */
  offsetAt(wall: number): number;
  /** ms after local midnight, by the clock on the wall. */
  timeOf(wall: number): number;
  /** 1 (Monday) to 7. */
  weekdayOf(wall: number): number;
  /** When clocks first show so many ms since 1970, taken as local time; the end of the gap that leaves it out. */
  instantOf(local: number): number;
  /** When the local day of `wall` began. */
  midnightBefore(wall: number): number;
  /**
   * When the clock on the wall shows so many ms after midnight, for the first time after `wall`. A time that a day leaves
   * out (spring) is at the end of the gap; one that comes twice (autumn) is the first.
   */
  nextClock(timeMs: number, wall: number): number;
}

const FIELDS = {
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
} as const;

const SHOWN = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;

function offsetReader(timeZone: string): (wall: number) => number {
  let format: Intl.DateTimeFormat | undefined;
  return (wall) => {
    format ??= new Intl.DateTimeFormat('en-US', { ...FIELDS, era: 'short', timeZone });
    const parts = format.formatToParts(wall);
    const read = (type: Intl.DateTimeFormatPartTypes): string => parts.find((part) => part.type === type)?.value ?? '';
    const [year, month, day, hour, minute, second] = SHOWN.map((type) => Number(read(type)));
    const full = read('era').startsWith('B') ? 1 - (year ?? 0) : (year ?? 0);
    const shown = Date.UTC(full, (month ?? 1) - 1, day, hour, minute, second);
    return shown - Math.floor(wall / 1000) * 1000;
  };
}

/** Offsets change at full quarters of an hour only, so one per quarter is asked for and remembered. */
function makeOffsetAt(timeZone: string): (wall: number) => number {
  const read = offsetReader(timeZone);
  const known = new Map<number, number>();
  let [lastQuarter, lastOffset] = [Number.NaN, 0];
  return (wall) => {
    const quarter = Math.floor(wall / QUARTER);
    if (quarter === lastQuarter) return lastOffset;
    let offset = known.get(quarter);
    if (offset === undefined) {
      if (known.size >= 2_000) known.clear();
      offset = read(quarter * QUARTER);
      known.set(quarter, offset);
    }
    [lastQuarter, lastOffset] = [quarter, offset];
    return offset;
  };
}

const modulo = (value: number, by: number): number => ((value % by) + by) % by;

/** The time of a home. Makes its calendar when it is first asked, since that takes 20 ms. */
export function makeLocalTime(timeZone: string): LocalTime {
  const offsetAt = makeOffsetAt(timeZone);

  /** The instant at which local clocks first show `local`, or the end of the gap that leaves it out. */
  const instantOf = (local: number): number => {
    const [early, late] = [offsetAt(local - DAY), offsetAt(local + DAY)];
    const fits = [local - early, local - late].filter((wall) => wall + offsetAt(wall) === local);
    if (fits.length > 0) return Math.min(...fits);
    return endOfGap(local - Math.max(early, late), local - Math.min(early, late));
  };

  /** The change of offset between two instants. */
  const endOfGap = (from: number, to: number): number => {
    const before = offsetAt(from);
    for (let at = Math.floor(from / QUARTER) * QUARTER; at <= to; at += QUARTER) if (offsetAt(at) !== before) return at;
    return to;
  };

  const timeOf = (wall: number): number => modulo(wall + offsetAt(wall), DAY);
  const localDay = (wall: number): number => Math.floor((wall + offsetAt(wall)) / DAY);

  let [lastDay, lastQuarter, midnight] = [Number.NaN, Number.NaN, Number.NaN];
  /** The same all through a quarter of an hour of one day. */
  const midnightBefore = (wall: number): number => {
    const quarter = Math.floor(wall / QUARTER);
    const day = localDay(wall);
    if (quarter !== lastQuarter || day !== lastDay) {
      midnight = instantOf(day * DAY);
      lastQuarter = quarter;
      lastDay = day;
    }
    return midnight;
  };

  return {
    offsetAt,
    instantOf,
    timeOf,
    weekdayOf: (wall) => modulo(localDay(wall) + 3, 7) + 1,
    midnightBefore,
    nextClock(timeMs, wall) {
      for (let day = localDay(wall) - 1; ; day += 1) {
        const instant = instantOf(day * DAY + timeMs);
        if (instant > wall) return instant;
      }
    },
  };
}
