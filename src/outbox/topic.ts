import type { Entry, EntryTopic } from './entry.ts';
import { Line } from './line.ts';
import { Tally } from './tally.ts';

/** A topic that items came for, and what became of them for each reader. */
export class Topic implements EntryTopic {
  readonly name: string;
  readonly kept = new Line<Entry>((entry) => entry.waiting !== 0);
  readonly #tallies: (Tally | undefined)[] = [];

  constructor(name: string) {
    this.name = name;
  }

  tally(reader: number): Tally {
    let tally = this.#tallies[reader];
    if (tally === undefined) {
      tally = new Tally();
      this.#tallies[reader] = tally;
    }
    return tally;
  }

  get tallies(): readonly (Tally | undefined)[] {
    return this.#tallies;
  }

  get isIdle(): boolean {
    return this.#tallies.every((tally) => tally === undefined || tally.isIdle);
  }

  forget(reader: number): void {
    this.#tallies[reader] = undefined;
  }
}

/** Stands for topics that were forgotten because there were too many. */
export const OTHERS = '(others)';

/** All topics; those that nothing waits for are forgotten when they are too many, their counts are not. */
export class Topics {
  readonly #byName = new Map<string, Topic>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  of(name: string): Topic {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    if (this.#byName.size >= this.#most) this.#forgetIdle();
    const topic = new Topic(name);
    this.#byName.set(name, topic);
    return topic;
  }

  *[Symbol.iterator](): Generator<Topic> {
    yield* this.#byName.values();
  }

  /** A tenth of them at least, the oldest first, so that this is not done for each new one. */
  #forgetIdle(): void {
    let left = Math.ceil(this.#most / 10);
    const others = this.#byName.get(OTHERS) ?? new Topic(OTHERS);
    for (const topic of this.#byName.values()) {
      if (left === 0) break;
      if (topic === others || !topic.isIdle) continue;
      for (const [reader, tally] of topic.tallies.entries()) if (tally !== undefined) others.tally(reader).add(tally);
      this.#byName.delete(topic.name);
      left -= 1;
    }
    this.#byName.set(OTHERS, others);
  }
}
