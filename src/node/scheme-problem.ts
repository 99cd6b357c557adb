import { HanbusError } from '../kit/errors.ts';
import type { Problem } from '../schemes/problem.ts';

/** An error that was thrown on purpose, as a problem; throws what is a bug. */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof HanbusError)) throw error;
  const { code, message, fix } = error;
  return { code, severity: 'error', message, ...(fix === undefined ? {} : { fix }) };
}
