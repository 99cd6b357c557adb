import { HanbusError, reasonOf } from '../kit/errors.ts';
import { exitOf } from '../schemes/codes.ts';
import { saidLines } from './problem-lines.ts';
import type { Screen } from './screen.ts';

export interface Told {
  readonly json: boolean;
  readonly verbose: boolean;
}

/** Says on standard error what failed: a sentence, its code, the fix. Answers with the exit code. */
export async function tellFailure(error: unknown, screen: Screen, { json, verbose }: Told): Promise<number> {
  const failure = error instanceof HanbusError ? error : unexpected(error);
  const { code, message, fix } = failure;
  if (json) {
    screen.wrong(JSON.stringify({ error: { code, message, ...(fix === undefined ? {} : { fix }) } }));
  } else {
    const [first = '', ...rest] = saidLines(message, code, screen);
    for (const line of [`${screen.tint('red', '✗')} ${first}`, ...rest.map((text) => `  ${text}`)]) screen.wrong(line);
    if (fix !== undefined) screen.wrong(`  Fix: ${screen.tint('bold', fix)}`);
  }
  if (verbose) screen.wrong(stackOf(error));
  return exitOf(code);
}

function unexpected(error: unknown): HanbusError {
  const fix = 'run it again with --verbose and report what it prints';
  return new HanbusError('HB100', `hanbus failed unexpectedly: ${reasonOf(error).split('\n')[0]}`, {
    fix,
    cause: error,
  });
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
