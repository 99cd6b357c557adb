import type { Pending } from './pending-queue.ts';

/** A message that was sent and is not yet acknowledged. */
export interface Flight {
  readonly pending: Pending;
  /** QoS 2: PUBREC has come, PUBREL was sent, PUBCOMP is missing. */
  isReleased: boolean;
}

/** The QoS 1 and 2 messages on their way to one client, by packet identifier, in the order sent. [MQTT-4.6.0-1] */
export class Inflight {
  readonly #flights = new Map<number, Flight>();
  #last = 0;

  get size(): number {
    return this.#flights.size;
  }

  /** Gives the message a free packet identifier, 1 to 65535. [MQTT-2.2.1-4] There must be fewer than 65535 flights. */
  add(pending: Pending): number {
    do this.#last = (this.#last % 65_535) + 1;
    while (this.#flights.has(this.#last));
    this.#flights.set(this.#last, { pending, isReleased: false });
    return this.#last;
  }

  get(id: number): Flight | undefined {
    return this.#flights.get(id);
  }

  delete(id: number): boolean {
    return this.#flights.delete(id);
  }

  all(): Iterable<[number, Flight]> {
    return this.#flights;
  }
}
