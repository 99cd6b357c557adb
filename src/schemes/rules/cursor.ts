import type { Fault } from '../units-time.ts';
import type { Span } from './syntax.ts';
import type { Token } from './tokens.ts';

/** Thrown and caught inside the parser only: from here on the text cannot be read. */
export class Unreadable extends Error {
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault.message);
    this.name = 'Unreadable';
    this.fault = fault;
  }
}

/** A place in the tokens of one text. */
export interface Cursor {
  readonly tokens: readonly Token[];
  index: number;
  /** Wrong, but what was meant is clear, so that reading goes on. */
  readonly faults: Fault[];
  /** One level deeper; throws when there are too many. */
  enter(at: Span): void;
  leave(): void;
}

/** Levels of parentheses and `not` in each other. */
const DEEPEST = 32;
const END: Token = { is: 'end', raw: '', at: [0, 0] };

export function makeCursor(tokens: readonly Token[]): Cursor {
  let depth = 0;
  return {
    tokens,
    index: 0,
    faults: [],
    enter(at) {
      depth += 1;
      if (depth <= DEEPEST) return;
      const message = `more than ${DEEPEST} parentheses in each other`;
      throw new Unreadable({ within: at, code: 'HB313', message, suggestion: 'split it into several rules' });
    },
    leave() {
      depth -= 1;
    },
  };
}

export function peek(cursor: Cursor, ahead = 0): Token {
  return cursor.tokens[cursor.index + ahead] ?? cursor.tokens.at(-1) ?? END;
}

export function next(cursor: Cursor): Token {
  const token = peek(cursor);
  cursor.index += 1;
  return token;
}

/** Words that join or end expressions; none of them is a name. */
const JOINING: ReadonlySet<string> = new Set(
  'and changed else falling for hysteresis if in is not or rising then'.split(' '),
);

export function isJoining(word: string): boolean {
  return JOINING.has(word);
}

/** `and` however it is written: `AND` and `&&` are told and taken for it. */
export function isWord(cursor: Cursor, word: string): boolean {
  const { is, raw } = peek(cursor);
  if (is === 'word') return raw === word || (raw.toLowerCase() === word && raw.toUpperCase() === raw);
  return is === 'sign' && FOREIGN.get(raw) === word;
}

const FOREIGN: ReadonlyMap<string, string> = new Map([
  ['&&', 'and'],
  ['||', 'or'],
  ['!', 'not'],
]);

export function skipWord(cursor: Cursor): Token {
  const token = next(cursor);
  const right = FOREIGN.get(token.raw) ?? token.raw.toLowerCase();
  if (right !== token.raw) rewrite(cursor, token, right);
  return token;
}

/** Notes that something is spelt another way here. */
export function rewrite(cursor: Cursor, token: Token, right: string): void {
  cursor.faults.push({
    within: token.at,
    code: 'HB304',
    message: `"${token.raw}" is written ${right} here`,
    suggestion: `did you mean ${right}?`,
    fix: right,
  });
}

export function isSign(cursor: Cursor, sign: string): boolean {
  const { is, raw } = peek(cursor);
  return is === 'sign' && raw === sign;
}

export function unexpected(cursor: Cursor, wanted: string, token = peek(cursor)): Unreadable {
  const before = cursor.tokens[cursor.tokens.indexOf(token) - 1];
  if (token.is === 'end') {
    const message = before === undefined ? `${wanted} is missing` : `after "${before.raw}", ${wanted} is missing`;
    return new Unreadable({ within: before?.at ?? [0, 1], code: 'HB304', message, suggestion: `write ${wanted}` });
  }
  const after = before === undefined ? '' : ` after "${before.raw}"`;
  return new Unreadable({
    within: token.at,
    code: 'HB304',
    message: `"${token.raw}" cannot stand here${after}`,
    suggestion: `expected: ${wanted}`,
  });
}
