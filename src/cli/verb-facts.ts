import { loadVerbs } from './catalog.ts';
import { EXIT_CODES, type ExitCode } from './exit-codes.ts';
import { GLOBAL_OPTIONS } from './globals.ts';
import { GROUPS, usageOf } from './help-pages.ts';
import type { Option, Verb } from './verb.ts';

/** Everything that the reference page of the verbs tells. */
export interface VerbFacts {
  readonly verbs: readonly (Omit<Verb, 'run' | 'group'> & {
    /** `read <point...>` */
    readonly usage: string;
    /** Heading of its part of the help. */
    readonly group: string;
  })[];
  /** Flags of every verb. */
  readonly globals: readonly Option[];
  readonly exitCodes: readonly ExitCode[];
}

export async function verbFacts(): Promise<VerbFacts> {
  const verbs = (await loadVerbs()).map((verb) => ({ ...verb, group: GROUPS[verb.group], usage: usageOf(verb) }));
  return { verbs, globals: GLOBAL_OPTIONS, exitCodes: EXIT_CODES };
}
