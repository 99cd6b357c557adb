import type { Clock } from '../kit/clock.ts';
import type { WriteOrder, WriteResult } from '../schemes/command.ts';

/** One order in line; `key` is the driver's name of its point. */
export interface Order {
  readonly key: string;
  readonly order: WriteOrder;
  readonly answer: (result: WriteResult) => void;
}

/** More orders than this do not wait for one device. */
const MOST = 64;

/** Values that wait to be written to one device, in the order asked. Each gets one answer, by its deadline at the latest. */
export class WriteOrders {
  readonly #clock: Clock;
  readonly #onAsked: () => void;
  readonly #line: Order[] = [];

  constructor(clock: Clock, onAsked: () => void) {
    this.#clock = clock;
    this.#onAsked = onAsked;
  }

  ask(key: string, order: WriteOrder): Promise<WriteResult> {
    const leftMs = order.deadline - this.#clock.mono();
    if (leftMs <= 0) return Promise.resolve(late('its time was over before the device was free'));
    if (this.#line.length >= MOST) return Promise.resolve(late(`${MOST} commands wait for this device already`));
    return new Promise((resolve) => {
      const cancel = this.#clock.after(leftMs, () => {
        const at = this.#line.indexOf(entry);
        if (at >= 0) this.#line.splice(at, 1);
        entry.answer(at >= 0 ? late('the device was not free in time') : unfinished());
      });
      const answer = (result: WriteResult) => {
        cancel();
        resolve(result);
      };
      const entry: Order = { key, order, answer };
      this.#line.push(entry);
      this.#onAsked();
    });
  }

  /** The next one whose time is not over; it is not in line any more, and whoever takes it answers it. */
  take(): Order | undefined {
    for (;;) {
      const next = this.#line.shift();
      if (next === undefined || next.order.deadline > this.#clock.mono()) return next;
      next.answer(late('the device was not free in time'));
    }
  }

  get isEmpty(): boolean {
    return this.#line.length === 0;
  }

  /** None of them was begun. */
  refuse(why: string): void {
    for (const { answer } of this.#line.splice(0)) answer(late(why));
  }
}

/** It was begun; whether the hardware took it is not known. */
export function unfinished(): WriteResult {
  return { done: false, how: 'failed', code: 'HB143', why: 'the device did not say in time that it is done' };
}

/** It never began. */
export function late(why: string): WriteResult {
  return { done: false, how: 'late', code: 'HB148', why };
}
