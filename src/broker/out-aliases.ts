/** Shorter topics are not worth an alias, which needs three bytes itself. */
const WORTHWHILE = 6;

/** Topic aliases that the broker sets for one client: the first topics that come get them. MQTT 5, 3.3.2.3.4. */
export class OutAliases {
  readonly #maximum: number;
  readonly #known = new Map<string, number>();

  /** `maximum`: as the client's CONNECT says. [MQTT-3.1.2-26] */
  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  /** The alias that the client knows for this topic. */
  find(topic: string): number | undefined {
    return this.#known.get(topic);
  }

  /** A free alias for a topic that has none; undefined when there is none or it is not worth one. */
  next(topic: string): number | undefined {
    if (topic.length < WORTHWHILE || this.#known.size >= this.#maximum) return undefined;
    return this.#known.size + 1;
  }

  /** The client has been told. */
  learn(topic: string, alias: number): void {
    this.#known.set(topic, alias);
  }
}
