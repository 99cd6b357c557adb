import type { Bus } from '../bus/bus.ts';
import { isEmpty, type Message, textOf } from '../bus/message.ts';
import { jsonIn } from '../schemes/json-text.ts';
import type { Keep } from '../schemes/policy.ts';
import { readKeep } from '../schemes/policy-keep.ts';
import { ROOT } from '../schemes/topics.ts';

const END = '/$publish';

/** What the publish policies say of `keep`, by topic of the point; learnt from the `$publish` pages on the bus. */
export class EngineKeep {
  readonly #byTopic = new Map<string, Keep>();
  readonly #leave: () => void;

  constructor(bus: Bus, node: string, origin: string) {
    const learn = (message: Message): void => this.#learn(message);
    this.#leave = bus.subscribe(`${ROOT}/${node}/+/+${END}`, learn, { origin, retained: true });
  }

  /**
   * What the outbox keeps of a message; undefined: nothing. The latest of what is retained is with the bus already, and
   * of an event nothing is kept unless somebody wants it: pressed buttons must not be pressed again hours later.
   */
  of({ topic, retain }: Pick<Message, 'topic' | 'retain'>): Exclude<Keep, 'none'> | undefined {
    const keep = this.#byTopic.get(topic);
    return keep === undefined || keep === 'none' || (keep === 'latest' && retain) ? undefined : keep;
  }

  stop(): void {
    this.#leave();
  }

  #learn(message: Message): void {
    const topic = message.topic.slice(0, -END.length);
    const keep = isEmpty(message) ? undefined : keepIn(textOf(message));
    if (keep === undefined) this.#byTopic.delete(topic);
    else this.#byTopic.set(topic, keep);
  }
}

/** Without, or with something that no node of ours says: as if nothing were said. */
function keepIn(text: string): Keep | undefined {
  const page = jsonIn(text);
  if (typeof page !== 'object' || page === null || !('keep' in page)) return undefined;
  const keep = readKeep(page.keep);
  return typeof keep === 'object' && 'code' in keep ? undefined : keep;
}
