import type { Value } from '../schemes/reading.ts';
import type { Rule } from '../schemes/rules/rule.ts';
import type { Slot } from './slots.ts';
import { codeOfStep, DONE_AT_ONCE, stepOfCode } from './step-code.ts';
import type { StepRecord, TraceRecord } from './trace-record.ts';

/**
 * The last times that a rule acted, written over in turn. Only what differs is kept, as numbers where it can be: a thousand
 * rules at work leave nothing to collect, and each stays small. The words are found when somebody looks.
 */
export class TraceRing {
  readonly #rule: Rule;
  readonly #most: number;
  /** For each trace its wall ms, negative for one of `else`, and a number for each step. */
  readonly #numbers: number[];
  readonly #stride: number;
  /** While every cause has the same words, they are kept once. */
  #cause = '';
  #causes: string[] | undefined;
  /** Of the points that the rule reads, side by side. */
  #values: (Value | null)[] | undefined;
  #count = 0;

  constructor(rule: Rule, most: number) {
    this.#rule = rule;
    this.#most = most;
    this.#stride = 1 + Math.max(rule.then.length, rule.else.length);
    this.#numbers = new Array<number>(most * this.#stride).fill(Number.NaN);
  }

  /** A quick rule acted. */
  quick(at: number, cause: string, reads: readonly Slot[]): void {
    const place = this.#next(cause);
    this.#numbers[place * this.#stride] = at;
    this.#numbers[place * this.#stride + 1] = DONE_AT_ONCE;
    for (let index = 0; index < reads.length; index += 1) {
      const slot = reads[index];
      this.#keep(place * reads.length + index, slot?.isKnown === true ? (slot.value ?? null) : null);
    }
  }

  /** False: there is more to it than fits in here. */
  put({ at, cause, values, steps, fingerprint }: TraceRecord): boolean {
    const isElse = !isOf(steps, this.#rule.then);
    if (fingerprint !== this.#rule.fingerprint || at <= 0 || (isElse && !isOf(steps, this.#rule.else))) return false;
    const codes = steps.map((step) => codeOfStep(step, at));
    if (codes.includes(undefined) || values.length !== this.#rule.reads.length) return false;
    const place = this.#next(cause);
    const first = place * this.#stride;
    this.#numbers[first] = isElse ? -at : at;
    for (let index = 1; index < this.#stride; index += 1) this.#numbers[first + index] = codes[index - 1] ?? 0;
    for (const [index, value] of values.entries()) this.#keep(place * values.length + index, value);
    return true;
  }

  /** Wall ms of the last one. */
  get lastAt(): number | undefined {
    return this.#count === 0 ? undefined : Math.abs(this.#numbers[this.#placeOf(this.#count - 1)] ?? Number.NaN);
  }

  /** Oldest first. */
  records(): TraceRecord[] {
    const size = Math.min(this.#count, this.#most);
    return Array.from({ length: size }, (_, index) => this.#record((this.#count - size + index) % this.#most));
  }

  #placeOf(count: number): number {
    return (count % this.#most) * this.#stride;
  }

  #next(cause: string): number {
    const place = this.#count % this.#most;
    if (this.#count === 0) this.#cause = cause;
    else if (this.#causes === undefined && cause !== this.#cause)
      this.#causes = new Array<string>(this.#most).fill(this.#cause);
    if (this.#causes !== undefined) this.#causes[place] = cause;
    this.#count += 1;
    return place;
  }

  #keep(index: number, value: Value | null): void {
    this.#values ??= new Array<Value | null>(this.#most * this.#rule.reads.length).fill(Number.NaN);
    this.#values[index] = value;
  }

  #record(place: number): TraceRecord {
    const signed = this.#numbers[place * this.#stride] ?? Number.NaN;
    const at = Math.abs(signed);
    const { then, else: otherwise, reads, fingerprint } = this.#rule;
    const steps = (signed < 0 ? otherwise : then).flatMap(
      (step, index) => stepOfCode(this.#numbers[place * this.#stride + 1 + index] ?? 0, step, at) ?? [],
    );
    const values = this.#values?.slice(place * reads.length, (place + 1) * reads.length) ?? [];
    return { at, result: 'acted', cause: this.#causes?.[place] ?? this.#cause, values, steps, fingerprint };
  }
}

/** Whether the records are those of this list, from its beginning. */
function isOf(records: readonly StepRecord[], steps: Rule['then']): boolean {
  return records.length <= steps.length && records.every(({ text }, index) => steps[index]?.text === text);
}
