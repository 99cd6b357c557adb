import type { HomePoints } from '../schemes/rules/home-points.ts';
import { type KnownRules, makeKnownRules, type ReadRules, readRulesInSteps } from '../schemes/rules/read-rules.ts';
import type { RulesText } from '../schemes/rules/rules-text.ts';

export interface Reading {
  readonly text: RulesText;
  readonly home: HomePoints;
  /** Is given all at once, when the last rule is read. */
  readonly take: (read: ReadRules) => void;
}

/**
 * Reads the rules in steps of some ms, so that messages have their turn between them; what was read before and has not
 * changed is not read again. A few rules are read at once.
 */
export class BookReader {
  readonly #known: KnownRules = makeKnownRules();
  readonly #rest: () => Promise<void>;
  /** The reading that counts; those before it are given up. */
  #latest: Reading | undefined;

  constructor(rest: () => Promise<void> = nextTurn) {
    this.#rest = rest;
  }

  /** Resolves when it was taken, or when a newer one took its place. */
  async read(reading: Reading): Promise<void> {
    this.#latest = reading;
    const steps = readRulesInSteps(reading.text, reading.home, this.#known);
    while (this.#latest === reading) {
      const { done, value } = steps.next();
      if (done !== true) await this.#rest();
      else {
        this.#latest = undefined;
        reading.take(value);
      }
    }
  }

  /** Idempotent. */
  stop(): void {
    this.#latest = undefined;
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
