/** Set-up talks in short lines, on standard error: standard output belongs to the program that is started. */
export function say(text) {
  process.stderr.write(`hanbus: ${text}\n`);
}

/** Ends with one sentence instead of a stack trace. */
export function endWith(error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
