import { answerTo, askable, type Question, type Surroundings } from './asking.ts';
import { sameData } from './same-data.ts';

interface Known<T> {
  readonly raw: unknown;
  /** Where it was read: how the own node is called, and what becomes of a name that nothing has. */
  readonly where: string;
  /** All that reading it asked, with the answers. */
  readonly asked: ReadonlyMap<Question, unknown>;
  readonly read: T;
}

/** Reads rules by name against one home; what was read before is not read again. */
export interface RememberedReading<T> {
  /** `make` is called when the text, or anything that it named, is another than before. */
  read(
    name: string,
    raw: unknown,
    make: (surroundings: Surroundings) => T,
  ): { readonly read: T; readonly isNew: boolean };
  /** Forgets all but these. */
  keepOnly(names: ReadonlySet<string>): void;
}

/**
 * What was made of each rule, with its text and with all that it asked about the home. An edit of one rule, or a device
 * that another rule names, costs nothing for the rest.
 */
export class RuleMemory<T> {
  readonly #known = new Map<string, Known<T>>();
  /** The last answer about all of something: many rules share it, so it is compared once for all of them. */
  readonly #wholes = new Map<Question, unknown>();

  begin(surroundings: Surroundings): RememberedReading<T> {
    const answers = new Map<Question, unknown>();
    const answer = (question: Question): unknown => {
      if (answers.has(question)) return answers.get(question);
      const told = answerTo(question, surroundings);
      const shared = question.includes(' ') ? told : this.#shared(question, told);
      answers.set(question, shared);
      return shared;
    };
    let asked = new Map<Question, unknown>();
    const view = askable(surroundings, (question) => void asked.set(question, answer(question)));
    const where = `${surroundings.home.node} ${surroundings.home.unknown}`;
    return {
      read: (name, raw, make) => {
        const known = this.#known.get(name);
        if (known?.where === where && sameData(known.raw, raw) && holds(known.asked, answer))
          return { read: known.read, isNew: false };
        asked = new Map();
        const read = make(view);
        this.#known.set(name, { raw, where, asked, read });
        return { read, isNew: true };
      },
      keepOnly: (names) => {
        for (const name of this.#known.keys()) if (!names.has(name)) this.#known.delete(name);
      },
    };
  }

  #shared(question: Question, told: unknown): unknown {
    const before = this.#wholes.get(question);
    if (before !== undefined && sameData(before, told)) return before;
    this.#wholes.set(question, told);
    return told;
  }
}

function holds(asked: Known<unknown>['asked'], answer: (question: Question) => unknown): boolean {
  for (const [question, told] of asked) {
    const now = answer(question);
    if (told !== now && (!question.includes(' ') || !sameData(told, now))) return false;
  }
  return true;
}
