import type { Clock } from '../../kit/clock.ts';
import { HanbusError } from '../../kit/errors.ts';
import type { FilterStep } from '../../schemes/filter.ts';
import { unitAfter } from '../../schemes/filter-check.ts';
import type { Quality, Value } from '../../schemes/reading.ts';
import type { Filter, FilterSample } from './filter.ts';
import { MAKERS } from './makers.ts';

export interface ChainWorld {
  readonly clock: Clock;
  readonly emit: (sample: FilterSample) => void;
  /** The unit of the values that are pushed. */
  readonly unit?: string;
}

/** Filters in a row. What is pushed comes out at `emit`: at once, later, or never. */
export interface Chain {
  /**
   * A bad or stale value, and a number that is not finite, enter no filter: the last value that came out
   * is told again with that quality, and until the next sound value all that comes out has it.
   */
  push(value: Value, quality: Quality, why?: string): void;
  /** Cancels all timers; nothing comes out any more. Idempotent. */
  close(): void;
}

interface Doubt {
  readonly quality: Quality;
  readonly why?: string;
}

/** The end of a chain: knows what came out last and whether the source is in doubt now. */
function makeEnd(emit: (sample: FilterSample) => void) {
  let last: FilterSample | undefined;
  let doubt: Doubt | undefined;
  const out = (sample: FilterSample) => {
    last = sample;
    emit(doubt === undefined || sample.isInstead === true ? sample : { value: sample.value, ...doubt });
  };
  return {
    out,
    /** The source is in doubt. Told once for each reason. */
    spoil(news: Doubt) {
      if (doubt !== undefined && doubt.quality === news.quality && doubt.why === news.why) return;
      doubt = news;
      if (last !== undefined) out(last);
    },
    clear() {
      doubt = undefined;
    },
    /** A step says that its value is not sound, or has computed one that cannot be. */
    stray(sample: FilterSample) {
      const told = isPossible(sample.value)
        ? sample
        : { ...sample, quality: 'bad' as const, why: notFinite(sample.value) };
      const value = last?.value ?? (told === sample ? sample.value : undefined);
      if (value !== undefined) emit({ ...told, ...doubt, value });
    },
  };
}

function isPossible(value: Value): boolean {
  return typeof value !== 'number' || Number.isFinite(value);
}

function notFinite(value: Value): string {
  return `${typeof value === 'number' ? value : 'this'} is not a number that can be`;
}

function isSound({ value, quality }: FilterSample): boolean {
  return quality !== 'bad' && quality !== 'stale' && isPossible(value);
}

/** Builds a chain. Throws HanbusError when a unit in a step does not fit. */
export function makeChain(steps: readonly FilterStep[], { clock, emit, unit }: ChainWorld): Chain {
  let open = true;
  const end = makeEnd((sample) => open && emit(sample));
  const filters: Filter[] = [];
  const enter = (index: number, sample: FilterSample) => {
    const filter = filters[index];
    if (!isSound(sample)) end.stray(sample);
    else if (filter === undefined) end.out(sample);
    else filter.push(sample, clock.mono());
  };
  let now = unit;
  for (const [index, step] of steps.entries()) {
    const make = MAKERS[step.name];
    if (make === undefined)
      throw new HanbusError('HB243', `there is no filter "${step.name}"`, { fix: 'hanbus check' });
    const pass = (sample: FilterSample) => open && enter(index + 1, sample);
    filters.push(make(step.args, { clock, pass, ...(now === undefined ? {} : { unit: now }) }));
    now = unitAfter(step, now);
  }
  return {
    push(value, quality, why) {
      if (!open) return;
      const sample = { value, quality, ...(why === undefined ? {} : { why }) };
      if (isSound(sample)) {
        end.clear();
        return enter(0, sample);
      }
      if (quality === 'bad' || quality === 'stale') end.spoil({ quality, ...(why !== undefined && { why }) });
      else end.spoil({ quality: 'bad', why: notFinite(value) });
    },
    close() {
      open = false;
      for (const filter of filters) filter.close?.();
    },
  };
}
