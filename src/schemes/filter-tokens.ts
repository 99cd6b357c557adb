import { parse } from 'yaml';
import type { Fault } from './units-time.ts';
import { shortValue } from './yaml-value.ts';

/** Longest text of one filter. */
const LONGEST = 4_000;
const DEEPEST = 4;
const MOST_WORDS = 200;

const piece = /\s+|"(?:[^"\\]|\\.)*"|'[^']*'|[[{]|[^\s"'[{]+/gy;

/** The end of the bracket that opens at `start`; past the end when it never closes. */
function closing(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === '[' || letter === '{') depth += 1;
    if (depth > DEEPEST) throw new Error(`more than ${DEEPEST} brackets in each other`);
    if (letter === ']' || letter === '}') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return text.length + 1;
}

function structure(text: string): unknown {
  return parse(text, { maxAliasCount: 0, schema: 'core', logLevel: 'error' });
}

function cut(text: string): unknown[] {
  const tokens: unknown[] = [];
  let at = 0;
  while (at < text.length) {
    piece.lastIndex = at;
    const found = piece.exec(text)?.[0] ?? text.slice(at);
    const bracket = found === '[' || found === '{';
    const end = bracket ? closing(text, at) : at + found.length;
    const token = text.slice(at, end);
    if (bracket || /^["']/.test(found)) tokens.push(structure(token));
    else if (token.trim() !== '') tokens.push(token);
    if (tokens.length > MOST_WORDS) throw new Error(`more than ${MOST_WORDS} words`);
    at = end;
  }
  return tokens;
}

/** Cuts `clamp 0..100` or `calibrate exact [[0, 1], [5, 6]]` into words and structures. */
export function tokensOf(text: string): unknown[] | Fault {
  if (text.length > LONGEST)
    return { code: 'HB245', message: `a filter of ${text.length} letters; ${LONGEST} at most` };
  try {
    return cut(text);
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return {
      code: 'HB244',
      message: `the brackets or quotes of "${shortValue(text)}" are not right: ${why.replace(/ at line.*$/, '')}`,
    };
  }
}
