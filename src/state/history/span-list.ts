import type { Value } from '../../schemes/reading.ts';
import type { Span } from './history.ts';
import type { Row } from './row.ts';

/** The newest that are kept. */
const MOST = 1_000;

/** Turns rows, given in the order of time, into the times during which one value held. */
export class SpanList {
  #spans: Span[] = [];
  #held: Value | undefined;
  #since: number;
  isCut = false;

  /** `held`: what was known when it began. */
  constructor(from: number, held: Value | undefined) {
    this.#held = held;
    this.#since = from;
  }

  add({ time, value }: Row): void {
    if (isSame(value, this.#held)) return;
    this.#end(time);
    this.#held = value;
    this.#since = time;
  }

  spans(until: number): readonly Span[] {
    this.#end(until);
    this.#since = until;
    if (this.#spans.length > MOST) this.#trim();
    return this.#spans;
  }

  #end(time: number): void {
    if (this.#held === undefined || time <= this.#since) return;
    this.#spans.push({ from: this.#since, to: time, value: this.#held });
    if (this.#spans.length >= 2 * MOST) this.#trim();
  }

  #trim(): void {
    this.isCut = true;
    this.#spans = this.#spans.slice(-MOST);
  }
}

function isSame(a: Value | undefined, b: Value | undefined): boolean {
  return a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b));
}
