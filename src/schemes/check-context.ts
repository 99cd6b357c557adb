import type { Kinds } from './kind-facts.ts';
import type { PathProblem } from './path-problem.ts';

/** What the checks of a scheme share. */
export interface CheckContext {
  readonly kinds: Kinds;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly problems: PathProblem[];
}
