import { GLOBAL_OPTIONS } from '../globals.ts';
import type { Completes, Option, Verb } from '../verb.ts';

/** What the scripts of all shells are made from. */
export interface CompletionFact {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly FlagFact[];
  /** What the words after the verb are; undefined for nothing. */
  readonly takes: Completes | undefined;
  /** Words that fit after the verb. */
  readonly words: readonly string[];
}

export interface FlagFact {
  /** `--wait` */
  readonly flag: string;
  readonly about: string;
  readonly hasValue: boolean;
}

export function completionFacts(verbs: readonly Verb[]): readonly CompletionFact[] {
  return verbs.map(({ name, summary, arguments: args = [], options = [] }) => ({
    name,
    summary,
    flags: flagFacts(options),
    takes: args.find(({ completes }) => completes !== undefined)?.completes,
    words: args.flatMap(({ words = [] }) => words),
  }));
}

export function globalFlags(): readonly FlagFact[] {
  return flagFacts(GLOBAL_OPTIONS);
}

function flagFacts(options: readonly Option[]): FlagFact[] {
  return options.map(({ flags, about }) => {
    const [flag = '', value] = flags.split(' ');
    return { flag, about, hasValue: value !== undefined };
  });
}
