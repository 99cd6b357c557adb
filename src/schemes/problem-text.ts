import type { Static } from 'typebox';
import type { Place, Problem, Severity } from './problem.ts';
import { ENVIRONMENT_PLACE } from './problem.ts';
import type { ProblemJson } from './problem-json.ts';
import { cells, clipLine, untabbed } from './text-cells.ts';

export interface TextOptions {
  readonly colour: boolean;
  /** Width of the screen, characters; absent where there is none. */
  readonly columns?: number;
}

const MARKS: Readonly<Record<Severity, string>> = { error: '✗', warning: '▲', note: '·' };
const COLOURS: Readonly<Record<Severity, string>> = { error: '31', warning: '33', note: '36' };
/** Column of the code, where it fits. */
const CODE_COLUMN = 109;
const MAX_SHOWN = 20;

/** `file:line:column`, or `environment HANBUS_...`, which has no lines. */
export function placeText({ file, line, column }: Place): string {
  if (file.startsWith(ENVIRONMENT_PLACE)) return file;
  return `${file}:${line}:${column}`;
}

/**
 * The one form of every problem: mark, place, message and code; then the line above, the line, and a caret with what
 * to do. Ends without a newline.
 */
export function problemText(problem: Problem, { colour, columns = CODE_COLUMN + 6 }: TextOptions): string {
  const { severity, place, message, code } = problem;
  const paint = (style: string, text: string) => (colour ? `\u001b[${style}m${text}\u001b[0m` : text);
  const start = place === undefined ? '' : `${placeText(place)}   `;
  const said = oneLine(message);
  const gap = ' '.repeat(Math.max(3, Math.min(CODE_COLUMN, columns - 6) - cells(`${MARKS[severity]} ${start}${said}`)));
  const head = `${paint(COLOURS[severity], MARKS[severity])} ${start}${paint('1', said)}${gap}${paint('2', code)}`;
  const advice = adviceText(problem);
  if (place === undefined || problem.sourceLine === undefined) {
    return advice === '' ? head : `${head}\n   ${advice}`;
  }
  return [head, ...sourceText(problem, place, (text) => paint(COLOURS[severity], text)), ''].join('\n').trimEnd();
}

/** Several problems, 20 at most, and how many there are beside these. */
export function problemsText(problems: readonly Problem[], options: TextOptions): string {
  const shown = problems.slice(0, MAX_SHOWN).map((problem) => problemText(problem, options));
  const more = problems.length - shown.length;
  const rest = more > 0 ? [`… and ${more} more ${more === 1 ? 'problem' : 'problems'}; mend these first`] : [];
  return [...shown, ...rest].join('\n');
}

/** The form of `--json`, `$res` and the HTTP API. */
export function problemJson({ code, severity, message, place, suggestion, fix }: Problem): Static<typeof ProblemJson> {
  return {
    code,
    severity,
    message,
    ...(place === undefined ? {} : { file: place.file, line: place.line, column: place.column }),
    ...(suggestion === undefined ? {} : { suggestion }),
    ...(fix === undefined ? {} : { fix }),
  };
}

function sourceText(problem: Problem, place: Place, paint: (text: string) => string): readonly string[] {
  const { line, column, length } = place;
  const width = Math.max(4, String(line).length + 1);
  const numbered = (number: number, text: string) => `${String(number).padStart(width)} | ${text}`.trimEnd();
  const clipped = clipLine(problem.sourceLine ?? '', column, length);
  const above = problem.lineBefore === undefined ? [] : [numbered(line - 1, clipLine(problem.lineBefore, 1, 1).text)];
  const caret = `${' '.repeat(clipped.before)}${paint('^'.repeat(clipped.length))}`;
  const last = `${' '.repeat(width)} | ${caret} ${adviceText(problem)}`.trimEnd();
  return [...above, numbered(line, clipped.text), last];
}

function adviceText({ suggestion, fix }: Problem): string {
  if (fix === undefined) return oneLine(suggestion ?? '');
  const verb = /^(?:sudo|hanbus|iconv|npm|HANBUS_\w+=\S+ hanbus)(?:\s|$)/.test(fix) ? 'Run' : 'Write';
  const command = `${verb}:  ${oneLine(fix)}`;
  if (suggestion === undefined || suggestion === fix) return command;
  const said = oneLine(suggestion);
  return `${said}${/[.?!]$/.test(said) ? '' : '.'}  ${command}`;
}

/** Control characters from a file must not reach a terminal. */
function oneLine(text: string): string {
  return untabbed(text).replaceAll(/\s*\n\s*/g, ' ');
}
