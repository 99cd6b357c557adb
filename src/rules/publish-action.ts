import { seedOf } from './cause.ts';
import type { Action } from './engine-world.ts';
import { addText, type Hash, hashText } from './hash.ts';
import type { Now } from './now.ts';
import type { Quick } from './rule-state.ts';

interface Published {
  readonly rule: string;
  readonly seed: Hash;
  readonly quick: Quick;
  readonly topic: string;
  readonly payload: string;
}

/** What a quick rule publishes. Its id is made when somebody asks: hardly anybody does. */
export class PublishAction implements Extract<Action, { readonly kind: 'publish' }> {
  readonly kind = 'publish';
  readonly rule: string;
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
  readonly qos: 0 | 1 | 2;
  readonly #seed: Hash;
  readonly #cause: string;
  readonly #epoch: number;
  readonly #sequence: number;

  constructor({ rule, seed, quick, topic, payload }: Published, cause: string, { epoch, sequence }: Now) {
    this.rule = rule;
    this.topic = topic;
    this.payload = payload;
    this.retain = quick.retain;
    this.qos = quick.qos;
    this.#seed = seed;
    this.#cause = cause;
    this.#epoch = epoch;
    this.#sequence = sequence;
  }

  /** Of the rule, its cause and the place in the rule, as `idOf` makes it for a run. */
  get id(): string {
    const cause = { point: pointOfTopic(this.#cause), epoch: this.#epoch, sequence: this.#sequence };
    const hash = seedOf(this.#seed, cause, 'then');
    addText(hash, 'then.0');
    addText(hash, '');
    return hashText(hash);
  }
}

/** A message on this topic as the cause of something. */
export const pointOfTopic = (topic: string): string => `#${topic}`;
