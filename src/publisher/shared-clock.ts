import type { Cancel, Clock } from '../kit/clock.ts';

interface Entry {
  readonly at: number;
  readonly order: number;
  task: (() => void) | undefined;
}

const isBefore = (a: Entry, b: Entry) => a.at < b.at || (a.at === b.at && a.order < b.order);

/** A clock whose many timers need one timer of the machine. No task runs before its time, though that timer may. */
export class SharedClock implements Clock {
  readonly #clock: Clock;
  readonly #onError: (error: unknown) => void;
  readonly #heap: Entry[] = [];
  #order = 0;
  #live = 0;
  #armedFor = Number.POSITIVE_INFINITY;
  #disarm: Cancel = () => undefined;

  /** `onError` hears of a task that threw; the others run all the same. */
  constructor(clock: Clock, onError: (error: unknown) => void) {
    this.#clock = clock;
    this.#onError = onError;
  }

  get pending(): number {
    return this.#live;
  }

  now(): number {
    return this.#clock.now();
  }

  mono(): number {
    return this.#clock.mono();
  }

  after(ms: number, task: () => void): Cancel {
    this.#order += 1;
    const entry: Entry = { at: this.mono() + Math.max(ms, 0), order: this.#order, task };
    this.#live += 1;
    push(this.#heap, entry);
    this.#arm();
    return () => {
      if (entry.task === undefined) return;
      entry.task = undefined;
      this.#live -= 1;
      if (this.#heap.length > 64 && this.#live * 4 < this.#heap.length) sweep(this.#heap);
    };
  }

  /** Forgets every task. */
  stop(): void {
    this.#disarm();
    this.#heap.length = 0;
    this.#live = 0;
  }

  #arm(): void {
    const first = this.#heap[0];
    if (first === undefined || first.at >= this.#armedFor) return;
    this.#disarm();
    this.#armedFor = first.at;
    // A machine counts whole milliseconds: a fraction would end too early, and need a second timer.
    this.#disarm = this.#clock.after(Math.ceil(first.at - this.mono()), () => this.#runDue());
  }

  #runDue(): void {
    this.#armedFor = Number.POSITIVE_INFINITY;
    const now = this.mono();
    for (let first = this.#heap[0]; first !== undefined && first.at <= now; first = this.#heap[0]) {
      pop(this.#heap);
      this.#run(first);
    }
    this.#arm();
  }

  #run(entry: Entry): void {
    const { task } = entry;
    if (task === undefined) return;
    entry.task = undefined;
    this.#live -= 1;
    try {
      task();
    } catch (error) {
      this.#onError(error);
    }
  }
}

function push(heap: Entry[], entry: Entry): void {
  let at = heap.length;
  heap.push(entry);
  while (at > 0) {
    const parentAt = (at - 1) >> 1;
    const parent = heap[parentAt];
    if (parent === undefined || !isBefore(entry, parent)) break;
    heap[at] = parent;
    at = parentAt;
  }
  heap[at] = entry;
}

/** Takes the first entry out. */
function pop(heap: Entry[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    const left = heap[at * 2 + 1];
    const right = heap[at * 2 + 2];
    if (left === undefined) break;
    const isRight = right !== undefined && isBefore(right, left);
    const child = isRight ? right : left;
    if (!isBefore(child, last)) break;
    heap[at] = child;
    at = at * 2 + (isRight ? 2 : 1);
  }
  heap[at] = last;
}

/** Throws cancelled entries away; a sorted array is a heap. */
function sweep(heap: Entry[]): void {
  const rest = heap.filter(({ task }) => task !== undefined).sort((a, b) => (isBefore(a, b) ? -1 : 1));
  heap.length = 0;
  heap.push(...rest);
}
