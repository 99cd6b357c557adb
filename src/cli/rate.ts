import type { Cancel, Clock } from '../kit/clock.ts';
import { HanbusError } from '../kit/errors.ts';
import type { Call } from './verb.ts';

/** `10/s` or `all` as lines per second; undefined is no limit. */
export function readRate(value: Call['options'][string], fallback: number | undefined): number | undefined {
  if (value === undefined) return fallback;
  const text = String(value);
  if (text === 'all') return undefined;
  const count = Number(/^(\d{1,6})(?:\/s)?$/.exec(text)?.[1] ?? Number.NaN);
  if (count >= 1) return count;
  throw new HanbusError('HB150', `--rate ${text} is not a rate; write 10/s, or all`, { fix: '--rate 10/s' });
}

/** Lets so many through in each second and tells at its end how many it did not. */
export class Rate {
  readonly #limit: number | undefined;
  readonly #clock: Clock;
  readonly #tell: (dropped: number) => void;
  #count = 0;
  #cancel: Cancel | undefined;

  constructor(limit: number | undefined, clock: Clock, tell: (dropped: number) => void) {
    this.#limit = limit;
    this.#clock = clock;
    this.#tell = tell;
  }

  /** True when one more may be shown now. */
  take(): boolean {
    if (this.#limit === undefined) return true;
    this.#cancel ??= this.#clock.after(1_000, () => this.end());
    this.#count += 1;
    return this.#count <= this.#limit;
  }

  /** Ends the second now. */
  end(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const dropped = this.#count - (this.#limit ?? this.#count);
    this.#count = 0;
    if (dropped > 0) this.#tell(dropped);
  }
}
