import { checkField } from './check-field.ts';
import { type Fields, objectOf } from './fields.ts';
import type { PathProblem } from './path-problem.ts';

export interface Decoded {
  /** Defaults filled in, durations as ms, on/off as booleans. To be used only when there is no problem. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly problems: readonly PathProblem[];
}

/** Checks the options of a device and decodes them for its driver: all problems at once, none thrown. */
export function decodeOptions(fields: Fields, raw: unknown): Decoded {
  const problems: PathProblem[] = [];
  const decoded = checkField(objectOf(fields), raw ?? {}, [], { problems });
  const options = typeof decoded === 'object' && decoded !== null ? Object.fromEntries(Object.entries(decoded)) : {};
  return { options, problems };
}
