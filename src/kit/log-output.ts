import type { Fields, LogLine } from './log.ts';

/** Where log lines go; `write` must not throw. */
export type LogWriter = (line: LogLine) => void;

const MARKS = { error: '✗', warn: '▲', info: '·', debug: ' ' } as const;
const ASCII_MARKS = { error: 'x', warn: '!', info: '-', debug: ' ' } as const;

/** For people: `10:42:07 ▲ text  field=value`. Local time. */
export function makeHumanWriter(out: (text: string) => void, { ascii }: { ascii: boolean }): LogWriter {
  const marks = ascii ? ASCII_MARKS : MARKS;
  return ({ time, level, text, fields }) => {
    const clock = new Date(time).toTimeString().slice(0, 8);
    out(`${clock} ${marks[level]} ${text}${fieldsText(fields)}\n`);
  };
}

/** `  device=air reason="no answer"`: words bare, the rest as JSON. */
export function fieldsText(fields: Fields): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `  ${key}=${typeof value === 'string' && isWord(value) ? value : quoted(value)}`)
    .join('');
}

/** Characters that steer a terminal or turn the direction of writing: a client chooses its own name. */
const STEERING = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

const isWord = (text: string): boolean => /^[^\s"=]+$/.test(text) && text.search(STEERING) < 0;

function quoted(value: unknown): string {
  const spelled = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return String(JSON.stringify(value)).replace(STEERING, spelled);
}

/** For machines: one JSON object a line, as journald and log collectors read it. Loads pino when asked for. */
export async function makeJsonWriter(out: (text: string) => void): Promise<LogWriter> {
  const { pino } = await import('pino');
  const log = pino({ base: null, level: 'debug', messageKey: 'text' }, { write: out });
  return ({ level, text, fields }) => log[level]({ ...fields }, text);
}
