import type { Value } from '../schemes/reading.ts';
import type { Rule } from '../schemes/rules/rule.ts';
import type { Slot } from './slots.ts';
import { type StepRecord, type TraceRecord, valuesOf } from './trace-record.ts';

type Values = readonly (Value | null)[];

/**
 * The last times that a quick rule acted, written over in turn. Only what differs is kept, as numbers where it can be: a
 * thousand rules at work leave nothing to collect. The words are found when somebody looks.
 */
export class QuickTraces {
  readonly #rule: Rule;
  /** Wall ms. */
  readonly #at: number[];
  /** While every cause has the same words, they are kept once. */
  #cause = '';
  #causes: string[] | undefined;
  /** Undefined for a rule that reads no points. */
  #values: Values[] | undefined;
  #count = 0;

  constructor(rule: Rule, most: number) {
    this.#rule = rule;
    this.#at = new Array<number>(most).fill(Number.NaN);
  }

  put(at: number, cause: string, reads: readonly Slot[]): void {
    const most = this.#at.length;
    const place = this.#count % most;
    if (this.#count === 0) this.#cause = cause;
    else if (this.#causes === undefined && cause !== this.#cause)
      this.#causes = new Array<string>(most).fill(this.#cause);
    if (this.#causes !== undefined) this.#causes[place] = cause;
    if (reads.length > 0) {
      this.#values ??= new Array<Values>(most).fill([]);
      this.#values[place] = valuesOf(reads);
    }
    this.#at[place] = at;
    this.#count += 1;
  }

  /** Wall ms of the last one. */
  get lastAt(): number | undefined {
    return this.#count === 0 ? undefined : this.#at[(this.#count - 1) % this.#at.length];
  }

  /** Oldest first. */
  records(): TraceRecord[] {
    const most = this.#at.length;
    const size = Math.min(this.#count, most);
    return Array.from({ length: size }, (_, index) => this.#record((this.#count - size + index) % most));
  }

  #record(place: number): TraceRecord {
    const at = this.#at[place] ?? Number.NaN;
    const steps = this.#rule.then.map(({ text }): StepRecord => ({ text, at, state: 'done', ms: 0 }));
    return {
      ...{ at, result: 'acted', steps, fingerprint: this.#rule.fingerprint },
      cause: this.#causes?.[place] ?? this.#cause,
      values: this.#values?.[place] ?? [],
    };
  }
}
