import type { RetainedSource } from '../../bus/retained.ts';
import { matches } from '../../bus/subscription.ts';
import type { Cancel } from '../../kit/clock.ts';
import { makeSysValues, type SysValues, type SysWorld } from './sys-values.ts';

const ORIGIN = '$SYS';

/** A client may ask for one topic after another: within this time all are answered from one look, in ms. */
const FRESH_MS = 250;

/**
 * The counters of the broker as topics. A new subscriber gets them at once; whoever stays gets what has changed, every
 * `everyMs`. They are made for those who listen only: without them there is neither a value nor a timer. A listener
 * inside the node wakes it by asking for the retained ones.
 */
export class SysTree implements RetainedSource {
  readonly #world: SysWorld;
  readonly #everyMs: number;
  readonly #read: SysValues;
  readonly #detach: () => void;
  #last: { readonly at: number; readonly values: ReadonlyMap<string, string> } | undefined;
  #told: ReadonlyMap<string, string> = new Map();
  #cancel: Cancel | undefined;

  /** `everyMs` 0: there is no tree. */
  constructor(world: SysWorld, everyMs: number) {
    this.#world = world;
    this.#everyMs = everyMs;
    this.#read = makeSysValues(world);
    this.#detach = everyMs > 0 ? world.bus.addRetainedSource(this) : () => undefined;
  }

  /** Somebody listens: to be called when there may be a new subscription. */
  wake(): void {
    if (this.#everyMs === 0 || this.#cancel !== undefined) return;
    this.#told = this.#read();
    this.#arm();
  }

  *retained(filter: string) {
    if (!filter.startsWith('$')) return;
    this.wake();
    for (const [topic, payload] of this.#values()) {
      if (matches(filter, topic)) yield { topic, payload, retain: true, qos: 0 as const, origin: ORIGIN };
    }
  }

  stop(): void {
    this.#detach();
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #values(): ReadonlyMap<string, string> {
    const now = this.#world.clock.mono();
    if (this.#last === undefined || now - this.#last.at >= FRESH_MS) this.#last = { at: now, values: this.#read() };
    return this.#last.values;
  }

  #arm(): void {
    this.#cancel = this.#world.clock.after(this.#everyMs, () => this.#tell());
  }

  /** Ends when nobody listens any more. */
  #tell(): void {
    this.#cancel = undefined;
    const { bus } = this.#world;
    const values = this.#values();
    const wanted = [...values].filter(([topic]) => bus.isInterested(topic));
    if (wanted.length === 0) return;
    const told = this.#told;
    this.#told = values;
    for (const [topic, payload] of wanted) {
      // Not kept: whoever comes later is given the value of that moment.
      if (told.get(topic) !== payload) bus.publish({ topic, payload, retain: false, origin: ORIGIN });
    }
    this.#arm();
  }
}
