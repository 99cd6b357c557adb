import type { Bus } from '../bus/bus.ts';

/** Deliveries that what is read from all sockets may cause before the event loop gets a turn: a few ms. */
const DELIVERIES = 20_000;

/** Shares each turn of the event loop among the sockets that are read: one message may have ten thousand subscribers. */
export class ReadTurn {
  readonly #bus: Bus;
  #end = 0;
  #isArmed = false;

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  /** Whether more may be read in this turn. */
  get isOver(): boolean {
    if (!this.#isArmed) {
      this.#isArmed = true;
      this.#end = this.#bus.delivered + DELIVERIES;
      setImmediate(() => {
        this.#isArmed = false;
      });
    }
    return this.#bus.delivered >= this.#end;
  }
}
