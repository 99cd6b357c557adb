import type { Clock } from '../../kit/clock.ts';
import type { FilterStep } from '../../schemes/filter.ts';
import type { Quality, Value } from '../../schemes/reading.ts';

/** What goes through a chain. */
export interface FilterSample {
  readonly value: Value;
  readonly quality: Quality;
  /** Why the quality is not good. */
  readonly why?: string;
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

/** One timer at a time. */
export interface Timer {
  readonly start: (ms: number, task: () => void) => void;
  readonly stop: () => void;
  readonly isRunning: boolean;
}

export function makeTimer(clock: Clock): Timer {
  let cancel: (() => void) | undefined;
  const stop = () => {
    cancel?.();
    cancel = undefined;
  };
  return {
    start(ms, task) {
      stop();
      cancel = clock.after(ms, () => {
        cancel = undefined;
        task();
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
