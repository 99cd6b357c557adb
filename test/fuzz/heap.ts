import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const MB = 1_048_576;
/** What a broker may hold for those who come and go, and what may stay when it has ended. */
const SERVING_MB = 48;
const GROWTH_MB = 16;

/** The heap after a full collection, while a broker serves and when it has gone. */
export class Heap {
  readonly #collect: () => void;
  readonly #serving: number[] = [];
  readonly #idle: number[] = [];

  constructor() {
    setFlagsFromString('--expose_gc');
    const collect: unknown = runInNewContext('gc');
    if (typeof collect !== 'function') throw new Error('no collector');
    this.#collect = () => void collect();
  }

  sampleServing(): void {
    this.#serving.push(this.#used());
  }

  sampleIdle(): void {
    this.#idle.push(this.#used());
  }

  /** False when the last quarter holds more than the second. */
  get isBounded(): boolean {
    return this.#growth < GROWTH_MB && Math.max(0, ...this.#held()) < SERVING_MB;
  }

  summary(): string {
    const [last = 0] = this.#held().slice(-1);
    return `heap ${(this.#idle.at(-1) ?? 0).toFixed(1)} MB, growth ${this.#growth.toFixed(1)} MB, one broker held ${last.toFixed(1)} MB`;
  }

  get #growth(): number {
    const quarter = Math.floor(this.#idle.length / 4);
    if (quarter === 0) return 0;
    return median(this.#idle.slice(-quarter)) - median(this.#idle.slice(quarter, 2 * quarter));
  }

  #held(): number[] {
    return this.#serving.map((used, index) => used - (this.#idle[index] ?? used));
  }

  #used(): number {
    this.#collect();
    const { heapUsed, external } = process.memoryUsage();
    return (heapUsed + external) / MB;
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}
