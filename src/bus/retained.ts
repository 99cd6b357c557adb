import { isEmpty, type Message } from './message.ts';
import { matches } from './subscription.ts';

/** A service that makes retained messages only when somebody asks, such as the `$v` envelopes. */
export interface RetainedSource {
  /** The retained messages that match an ordinary filter. */
  retained(filter: string): Iterable<Message>;
}

/** The one store of retained messages. */
export class RetainedStore {
  readonly #messages = new Map<string, Message>();
  readonly #sources = new Set<RetainedSource>();

  get size(): number {
    return this.#messages.size;
  }

  /** Keeps the message for its topic; an empty one deletes. MQTT 5, 3.3.1.3. */
  put(message: Message): void {
    if (isEmpty(message)) this.#messages.delete(message.topic);
    else this.#messages.set(message.topic, message);
  }

  get(topic: string): Message | undefined {
    return this.#messages.get(topic);
  }

  addSource(source: RetainedSource): () => void {
    this.#sources.add(source);
    return () => void this.#sources.delete(source);
  }

  /** Every retained message that an ordinary filter matches. */
  *match(filter: string): Generator<Message> {
    if (/[+#]/.test(filter)) {
      for (const message of this.#messages.values()) if (matches(filter, message.topic)) yield message;
    } else {
      const message = this.#messages.get(filter);
      if (message !== undefined) yield message;
    }
    for (const source of this.#sources) yield* source.retained(filter);
  }
}
