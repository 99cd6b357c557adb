export type Level = 'error' | 'warn' | 'info' | 'debug';
export type Fields = Readonly<Record<string, unknown>>;

/**
 * error: someone must act; warn: recovered; info: start, stop, change. Fixed text, the variable parts as fields.
 * Never a secret in either.
 */
export interface Log {
  error(text: string, fields?: Fields): void;
  warn(text: string, fields?: Fields): void;
  info(text: string, fields?: Fields): void;
  debug(text: string, fields?: Fields): void;
  /** The same log with `fields` on every line. */
  child(fields: Fields): Log;
}

export interface LogLine {
  readonly time: number;
  readonly level: Level;
  readonly text: string;
  readonly fields: Fields;
}

const LEVELS: readonly Level[] = ['error', 'warn', 'info', 'debug'];

/** A log that hands each line at or above `level` to `write`. */
export function makeLog(write: (line: LogLine) => void, level: Level, now: () => number, fields: Fields = {}): Log {
  const limit = LEVELS.indexOf(level);
  const line = (at: Level) => (text: string, more?: Fields) => {
    if (LEVELS.indexOf(at) > limit) return;
    write({ time: now(), level: at, text, fields: more === undefined ? fields : { ...fields, ...more } });
  };
  return {
    error: line('error'),
    warn: line('warn'),
    info: line('info'),
    debug: line('debug'),
    child: (more) => makeLog(write, level, now, { ...fields, ...more }),
  };
}
