import type { Budget } from './budget.ts';
import { type Pending, weightOf } from './pending-queue.ts';

/** A message that was sent and is not yet acknowledged. */
export interface Flight {
  readonly pending: Pending;
  /** QoS 2: PUBREC has come, PUBREL was sent, PUBCOMP is missing. */
  isReleased: boolean;
}

/** The QoS 1 and 2 messages on their way to one client, by packet identifier, in the order sent. [MQTT-4.6.0-1] */
export class Inflight {
  readonly #flights = new Map<number, Flight>();
  readonly #budget: Budget;
  #last = 0;
  #bytes = 0;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  get size(): number {
    return this.#flights.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Gives the message a free packet identifier, 1 to 65535. [MQTT-2.2.1-4] There must be fewer than 65535 flights. */
  add(pending: Pending): number {
    do this.#last = (this.#last % 65_535) + 1;
    while (this.#flights.has(this.#last));
    this.#flights.set(this.#last, { pending, isReleased: false });
    this.#count(weightOf(pending));
    return this.#last;
  }

  get(id: number): Flight | undefined {
    return this.#flights.get(id);
  }

  delete(id: number): boolean {
    const flight = this.#flights.get(id);
    if (flight === undefined) return false;
    this.#count(-weightOf(flight.pending));
    return this.#flights.delete(id);
  }

  /** Forgets the one sent first. False when there is none. */
  deleteOldest(): boolean {
    for (const id of this.#flights.keys()) return this.delete(id);
    return false;
  }

  all(): Iterable<[number, Flight]> {
    return this.#flights;
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.#budget.add(bytes);
  }
}
