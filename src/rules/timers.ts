/** Something due at a monotonic time. It is in the heap when `place` is 0 or more. */
export interface Timer {
  at: number;
  place: number;
  readonly due: () => void;
}

export const makeTimer = (due: () => void): Timer => ({ at: Number.POSITIVE_INFINITY, place: -1, due });

/** All timers by time: a heap in which each timer knows its place, so that one is moved without a search. */
export class Timers {
  readonly #heap: Timer[] = [];

  get nextAt(): number {
    return this.#heap[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  get size(): number {
    return this.#heap.length;
  }

  /** Sets or moves it. An infinite time takes it out. */
  set(timer: Timer, at: number): void {
    if (timer.at === at && timer.place >= 0) return;
    if (!(at < Number.POSITIVE_INFINITY)) {
      this.clear(timer);
      return;
    }
    timer.at = at;
    if (timer.place < 0) {
      timer.place = this.#heap.length;
      this.#heap.push(timer);
    }
    this.#settle(timer);
  }

  clear(timer: Timer): void {
    const place = timer.place;
    if (place < 0) return;
    timer.place = -1;
    timer.at = Number.POSITIVE_INFINITY;
    const last = this.#heap.pop();
    if (last === undefined || last === timer) return;
    this.#put(last, place);
    this.#settle(last);
  }

  /** Runs what is due at `mono`, in the order of time. A timer that sets itself again to a due time waits for the next call. */
  run(mono: number): void {
    for (let budget = this.#heap.length * 2 + 64; budget > 0; budget -= 1) {
      const first = this.#heap[0];
      if (first === undefined || first.at > mono) return;
      this.clear(first);
      first.due();
    }
  }

  #put(timer: Timer, place: number): void {
    this.#heap[place] = timer;
    timer.place = place;
  }

  /** Moves a timer up or down to where it belongs. */
  #settle(timer: Timer): void {
    let place = timer.place;
    for (;;) {
      const up = (place - 1) >> 1;
      const parent = place > 0 ? this.#heap[up] : undefined;
      if (parent === undefined || parent.at <= timer.at) break;
      this.#put(parent, place);
      place = up;
    }
    for (;;) {
      const child = this.#smallerChild(place);
      if (child === undefined || child.at >= timer.at) break;
      const down = child.place;
      this.#put(child, place);
      place = down;
    }
    this.#put(timer, place);
  }

  #smallerChild(place: number): Timer | undefined {
    const left = this.#heap[2 * place + 1];
    const right = this.#heap[2 * place + 2];
    if (left === undefined || right === undefined) return left;
    return right.at < left.at ? right : left;
  }
}
