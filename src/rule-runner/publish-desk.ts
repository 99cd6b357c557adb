import type { Bus } from '../bus/bus.ts';
import type { Action, Outcome } from '../rules/engine-world.ts';
import { ROOT } from '../schemes/topics.ts';
import { ORIGIN } from './origin.ts';

type Publish = Extract<Action, { kind: 'publish' }>;

/** Longest topic of MQTT, bytes. */
const LONGEST_TOPIC = 65_535;

/** Topics that were found good are not looked at again: so many. */
const MOST_KNOWN = 10_000;

/** Puts what rules publish on the bus, or says why not. */
export class PublishDesk {
  readonly #bus: Bus;
  /** Good for messages that are not retained. */
  readonly #good = new Set<string>();

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  /** Undefined: it went out. */
  publish(action: Publish): Outcome | undefined {
    const { topic, payload, retain, qos } = action;
    if (retain || !this.#good.has(topic)) {
      const refusal = refusalOf(topic, retain);
      if (refusal !== undefined) {
        const { code, why } = refusal;
        return { id: action.id, state: 'rejected', why: code === undefined ? why : `${why} (${code})` };
      }
      if (this.#good.size >= MOST_KNOWN) this.#good.clear();
      if (!retain) this.#good.add(topic);
    }
    if (this.#bus.put({ topic, payload, retain, qos, origin: ORIGIN })) return undefined;
    return { id: action.id, state: 'failed', why: 'the bus of this node is full' };
  }
}

/** Only the owner of a point speaks for it, and a command that is kept would act again at each start. */
function refusalOf(topic: string, retain: boolean): { code?: string; why: string } | undefined {
  const levels = topic.split('/');
  const isCommand = isCommandTopic(levels);
  if (topic === '' || /[+#\0]/.test(topic) || Buffer.byteLength(topic) > LONGEST_TOPIC) {
    return { why: `"${topic.slice(0, 60)}" is no topic to publish to` };
  }
  if (topic.startsWith('$')) return { why: `${levels[0]} belongs to the broker` };
  if (levels[0] === ROOT && !isCommand) {
    return { code: 'HB340', why: `${topic} belongs to its owner; a rule may only command it` };
  }
  if (retain && isCommand) {
    return { code: 'HB341', why: `a retained command to ${topic} would act again at each start` };
  }
  return undefined;
}

/** `.../set` and `$cmd`, and the commands of Tasmota. */
function isCommandTopic(levels: readonly string[]): boolean {
  const last = levels.at(-1);
  return last === 'set' || last === '$cmd' || levels[0] === 'cmnd';
}
