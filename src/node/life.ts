import type { Bus } from '../bus/bus.ts';
import { topics } from '../schemes/topics.ts';

/** The life of a node, as every MQTT client sees it. */
export type NodeState = 'init' | 'ready' | 'sleeping' | 'lost' | 'disconnected';

/** Facts for `$info`. */
export interface NodeFacts {
  readonly version: string;
  readonly board: string;
  readonly epoch: number;
  /** Start of this run, ms since 1970. */
  readonly started: number;
  /** Source that keeps the clock, or `unsure`. */
  readonly time: string;
}

const ORIGIN = 'node';

/** The retained `$state` and `$info` of the node. */
export class Life {
  readonly #bus: Bus;
  readonly #node: string;
  #state: NodeState = 'init';

  constructor(bus: Bus, node: string, facts: NodeFacts) {
    this.#bus = bus;
    this.#node = node;
    this.tell(facts);
    this.become('init');
  }

  get state(): NodeState {
    return this.#state;
  }

  /** The facts as they are now. */
  tell(facts: NodeFacts): void {
    const topic = topics.nodeInfo(this.#node);
    this.#bus.publish({ topic, payload: JSON.stringify(facts), retain: true, origin: ORIGIN });
  }

  become(state: NodeState): void {
    this.#state = state;
    this.#bus.publish({ topic: topics.nodeState(this.#node), payload: state, retain: true, qos: 1, origin: ORIGIN });
  }
}
