import { checkTerm } from './check-term.ts';
import { specOf } from './home-points.ts';
import { type Scope, tell } from './scope.ts';
import type { Source, Template } from './step.ts';

type Piece = Template[number];

const HOLE = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;
const NAME = /^\s*([\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}\p{N}_]+)*)\s*(?::(.*))?$/su;
/** Longest text. */
const LONGEST = 10_000;

/**
 * A text with `{point}` and `{point:0.0}`. The first is shown as people read it, with its unit; the second is the bare
 * number with so many decimals. `{{` is a brace. Undefined when something is wrong with it, which is told.
 */
export function readTemplate(text: string, scope: Scope): Template | undefined {
  if (text.length > LONGEST) return tooLong(text, scope);
  const pieces: (Piece | undefined)[] = [];
  let end = 0;
  for (const match of text.matchAll(HOLE)) {
    pieces.push(text.slice(end, match.index));
    end = match.index + match[0].length;
    pieces.push(pieceOf(match[0], match[1], match.index, scope));
  }
  pieces.push(text.slice(end));
  const right = pieces.filter((piece) => piece !== undefined && piece !== '');
  return pieces.includes(undefined) ? undefined : joined(right.filter((piece) => piece !== undefined));
}

function tooLong(text: string, scope: Scope): undefined {
  const message = `this text has ${text.length} characters; at most ${LONGEST}`;
  tell(scope, { code: 'HB317', message, suggestion: 'shorten it' });
}

/** Neighbouring texts are one. */
function joined(pieces: readonly Piece[]): Template {
  const whole: Piece[] = [];
  for (const piece of pieces) {
    const before = whole.at(-1);
    if (typeof piece === 'string' && typeof before === 'string') whole[whole.length - 1] = before + piece;
    else whole.push(piece);
  }
  return whole;
}

function pieceOf(raw: string, inside: string | undefined, from: number, scope: Scope): Piece | undefined {
  if (raw === '{{' || raw === '}}') return raw.charAt(0);
  const within = [from, from + raw.length] as const;
  const [, name, format] = NAME.exec(inside ?? '') ?? [];
  if (name === undefined) {
    const message = inside === undefined ? `the brace ${raw} has no partner` : `"${raw.slice(0, 40)}" is no point`;
    return tell(scope, { within, code: 'HB317', message, suggestion: 'write {point} or {point:0.0}; {{ is a brace' });
  }
  const start = from + raw.indexOf(name);
  const decimals = format === undefined ? undefined : decimalsOf(format);
  if (format === undefined || decimals !== undefined) return namedPiece(name, start, decimals, scope);
  const advice = { suggestion: 'a format says only the decimals: 0 or 0.0', fix: `{${name}:0.0}` };
  return tell(scope, { within, code: 'HB317', message: `"${format}" is no format`, ...advice });
}

function namedPiece(name: string, start: number, decimals: number | undefined, scope: Scope): Piece | undefined {
  const typed = checkTerm({ is: 'name', text: name, at: [start, start + name.length] }, scope);
  if (typed === undefined) return undefined;
  const { term, type } = typed;
  if (decimals !== undefined) return { term, decimals };
  const own = term.op === 'point' ? specOf(scope.home, term.point)?.decimals : undefined;
  const unit = type.is === 'number' ? type.unit : undefined;
  return { term, ...(own === undefined ? {} : { decimals: own }), ...(unit === undefined ? {} : { unit }) };
}

function decimalsOf(format: string): number | undefined {
  const match = /^0(?:\.(0{1,9}))?$/.exec(format.trim());
  return match === null ? undefined : (match[1]?.length ?? 0);
}

/** A text as the source of a value: constant when nothing in it varies. */
export function textSource(text: string, scope: Scope): Source | undefined {
  const template = readTemplate(text, scope);
  if (template === undefined) return undefined;
  const [only = '', second] = template;
  if (typeof only === 'string' && second === undefined) return { from: 'const', value: only };
  return { from: 'text', template };
}
