import { type Log, type LogLine, makeLog } from '../../src/kit/log.ts';

/** A log that keeps its lines for the test to look at. */
export function makeFakeLog(): { log: Log; lines: LogLine[] } {
  const lines: LogLine[] = [];
  return {
    log: makeLog(
      (line) => void lines.push(line),
      'debug',
      () => 0,
    ),
    lines,
  };
}
