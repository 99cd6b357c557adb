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
class End {
  readonly #emit: (sample: FilterSample) => void;
  #last: FilterSample | undefined;
  #doubt: Doubt | undefined;
  isOpen = true;

  constructor(emit: (sample: FilterSample) => void) {
    this.#emit = emit;
  }

  out(sample: FilterSample): void {
    this.#last = sample;
    const isDoubted = this.#doubt !== undefined && sample.isInstead !== true;
    this.#tell(isDoubted ? { value: sample.value, quality: sample.quality, ...this.#doubt } : sample);
  }

  /** The source is in doubt. Told once for each reason. */
  spoil(news: Doubt): void {
    if (this.#doubt !== undefined && this.#doubt.quality === news.quality && this.#doubt.why === news.why) return;
    this.#doubt = news;
    if (this.#last !== undefined) this.out(this.#last);
  }

  clear(): void {
    this.#doubt = undefined;
  }

  /** A step says that its value is not sound, or has computed one that cannot be. */
  stray(sample: FilterSample): void {
    const told = isPossible(sample.value)
      ? sample
      : { ...sample, quality: 'bad' as const, why: notFinite(sample.value) };
    const value = this.#last?.value ?? (told === sample ? sample.value : undefined);
    if (value !== undefined) this.#tell({ ...told, ...this.#doubt, value });
  }

  #tell(sample: FilterSample): void {
    if (this.isOpen) this.#emit(sample);
  }
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

const NO_FILTERS: readonly Filter[] = [];

/** Most points have no filter: their chain is nothing but its end. */
class FilterChain implements Chain {
  readonly #clock: Clock;
  readonly #end: End;
  readonly #filters: readonly Filter[];

  /** Throws HanbusError when a unit in a step does not fit. */
  constructor(steps: readonly FilterStep[], { clock, emit, unit }: ChainWorld) {
    this.#clock = clock;
    this.#end = new End(emit);
    this.#filters = steps.length === 0 ? NO_FILTERS : this.#make(steps, unit);
  }

  push(value: Value, quality: Quality, why?: string): void {
    if (!this.#end.isOpen) return;
    const sample = { value, quality, ...(why === undefined ? {} : { why }) };
    if (isSound(sample)) {
      this.#end.clear();
      this.#enter(0, sample);
    } else if (quality === 'bad' || quality === 'stale')
      this.#end.spoil({ quality, ...(why !== undefined && { why }) });
    else this.#end.spoil({ quality: 'bad', why: notFinite(value) });
  }

  close(): void {
    this.#end.isOpen = false;
    for (const filter of this.#filters) filter.close?.();
  }

  #make(steps: readonly FilterStep[], unit: string | undefined): readonly Filter[] {
    let now = unit;
    return steps.map((step, index) => {
      const make = MAKERS[step.name];
      if (make === undefined)
        throw new HanbusError('HB243', `there is no filter "${step.name}"`, { fix: 'hanbus check' });
      const pass = (sample: FilterSample) => {
        if (this.#end.isOpen) this.#enter(index + 1, sample);
      };
      const filter = make(step.args, { clock: this.#clock, pass, ...(now === undefined ? {} : { unit: now }) });
      now = unitAfter(step, now);
      return filter;
    });
  }

  #enter(index: number, sample: FilterSample): void {
    const filter = this.#filters[index];
    if (!isSound(sample)) this.#end.stray(sample);
    else if (filter === undefined) this.#end.out(sample);
    else filter.push(sample, this.#clock.mono());
  }
}

/** Builds a chain. Throws HanbusError when a unit in a step does not fit. */
export function makeChain(steps: readonly FilterStep[], world: ChainWorld): Chain {
  return new FilterChain(steps, world);
}
