export type Severity = 'error' | 'warning' | 'note';

/** How the place of a value begins that stands in no file: `environment HANBUS_PUBLISH__EVERY`. */
export const ENVIRONMENT_PLACE = 'environment ';

/** A place in a file: 1-based line and column, as editors count. */
export interface Place {
  /** Or the variable, after ENVIRONMENT_PLACE. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** How many characters the caret underlines; at least 1. */
  readonly length: number;
}

/**
 * The one shape of everything that is wrong: in a file, on the command line, on the bus, with a port.
 * CLI, JSON, log and dashboard all show this.
 */
export interface Problem {
  /** `HB204`; explained by `hanbus explain HB204`. */
  readonly code: string;
  readonly severity: Severity;
  /** What is wrong, in one short sentence without the place. */
  readonly message: string;
  readonly place?: Place;
  /** The line of the file, for the caret. */
  readonly sourceLine?: string;
  /** The line above it. */
  readonly lineBefore?: string;
  /** What was probably meant. */
  readonly suggestion?: string;
  /** What to write or which command to run; must work when copied. */
  readonly fix?: string;
}
