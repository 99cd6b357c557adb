import type { Path, PathProblem } from '../path-problem.ts';
import type { Fault } from '../units-time.ts';
import type { HomePoints } from './home-points.ts';
import type { Group, Variable } from './rule.ts';
import type { Expression } from './syntax.ts';
import type { Typed } from './typed-term.ts';

/** Every name beside points that rules may use. */
export interface HomeWords {
  readonly groups: ReadonlyMap<string, Group>;
  readonly rules: readonly string[];
  readonly scenes: readonly string[];
  readonly services: readonly string[];
  readonly variables: ReadonlyMap<string, Variable>;
}

/** What reading one text of the scheme needs. */
export interface Scope {
  readonly home: HomePoints;
  readonly words: HomeWords;
  /** Names that nothing has yet: with one of them the rule waits. */
  readonly missing: Set<string>;
  readonly problems: PathProblem[];
  readonly path: Path;
  readonly onKey: boolean;
  /** Where the text that is read starts in the text at `path`. */
  readonly offset: number;
}

/** The same for a value deeper in the scheme. */
export function within(scope: Scope, ...keys: Path): Scope {
  return { ...scope, path: [...scope.path, ...keys], onKey: false, offset: 0 };
}

/** The same for the key at the end of the path. */
export function onKey(scope: Scope): Scope {
  return { ...scope, onKey: true, offset: 0 };
}

/** The same for a part of the text. */
export function shifted(scope: Scope, by: number): Scope {
  return { ...scope, offset: scope.offset + by };
}

export function tell(scope: Scope, fault: Fault): undefined {
  const { path, problems, offset } = scope;
  const { within: span, ...told } = fault;
  problems.push({
    path,
    ...(scope.onKey ? { onKey: true } : {}),
    ...(span === undefined ? {} : { within: [span[0] + offset, span[1] + offset] }),
    ...told,
  });
  return undefined;
}

/** Reads the terms inside others, so that files need not know each other. */
export type TermReader = (expression: Expression, scope: Scope) => Typed | undefined;
