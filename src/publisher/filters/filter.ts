import type { Clock } from '../../kit/clock.ts';
import type { FilterStep } from '../../schemes/filter.ts';
import type { Quality, Value } from '../../schemes/reading.ts';

/** What goes through a chain. */
export interface FilterSample {
  readonly value: Value;
  readonly quality: Quality;
  /** Why the quality is not good. */
  readonly why?: string;
  /** A value that a person asked for in place of a silent source: it holds whatever is thought of the source. */
  readonly isInstead?: boolean;
}

export interface Filter {
  /** Takes one sample; `nowMs` is monotonic. What comes out goes to `pass`, at once or later. Never throws. */
  push(sample: FilterSample, nowMs: number): void;
  /** Cancels what is waiting. */
  close?(): void;
}

/** What a filter gets of the world. */
export interface FilterWorld {
  readonly clock: Clock;
  /** The unit of the values that come in. */
  readonly unit?: string;
  readonly pass: (sample: FilterSample) => void;
}

export type MakeFilter = (args: FilterStep['args'], world: FilterWorld) => Filter;

/** A filter that gives one number for each number, or none. Other values pass as they are. */
export function eachNumber(
  { pass }: FilterWorld,
  change: (value: number, nowMs: number, sample: FilterSample) => number | undefined,
): Filter {
  return {
    push(sample, nowMs) {
      if (typeof sample.value !== 'number') return pass(sample);
      const value = change(sample.value, nowMs, sample);
      if (value !== undefined) pass({ ...sample, value });
    },
  };
}

/** One timer at a time. Started again by its own task it goes on from the time it was due, so that it does not drift. */
export interface Timer {
  readonly start: (ms: number, task: () => void) => void;
  readonly stop: () => void;
  readonly isRunning: boolean;
}

export function makeTimer(clock: Clock): Timer {
  let cancel: (() => void) | undefined;
  /** When the task that runs now was due. */
  let wasDueAt: number | undefined;
  const stop = () => {
    cancel?.();
    cancel = undefined;
  };
  return {
    start(ms, task) {
      stop();
      const now = clock.mono();
      const from = wasDueAt !== undefined && now - wasDueAt < ms ? wasDueAt : now;
      const dueAt = from + ms;
      cancel = clock.after(dueAt - now, () => {
        cancel = undefined;
        wasDueAt = dueAt;
        task();
        wasDueAt = undefined;
      });
    },
    stop,
    get isRunning() {
      return cancel !== undefined;
    },
  };
}

/** Same value; structures by their text. */
export function isSame(a: Value, b: Value): boolean {
  if (a === b) return true;
  return typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b);
}
