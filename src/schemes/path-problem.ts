import type { Severity } from './problem.ts';

/** A key or index path into a decoded document: `['devices', 'soil', 'points', 'a0']`. */
export type Path = readonly (string | number)[];

/** A problem found in plain data, before anybody knows the file: its path becomes a place where there is a document. */
export interface PathProblem {
  readonly path: Path;
  /** The key itself is wrong, not its value: the caret goes under the key. */
  readonly onKey?: boolean;
  /** Characters of the text (or key) that are wrong, from and to; the whole of it when absent. */
  readonly within?: readonly [number, number];
  readonly code: string;
  readonly severity?: Severity;
  readonly message: string;
  readonly suggestion?: string;
  readonly fix?: string;
}
