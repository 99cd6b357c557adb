import type { Place, Problem } from './problem.ts';

/** The text of one file and its lines. Columns and offsets count without a byte order mark. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
  readonly lines: readonly string[];
  /** The place of `length` characters from an offset; cut at the end of the line. */
  placeAt(offset: number, length: number): Place;
}

export function makeSourceText(file: string, raw: string): SourceText {
  const text = raw.startsWith('\uFEFF') ? raw.slice(1) : raw;
  const lines = text.split(/\r?\n/);
  const starts = lineStarts(text);
  return {
    file,
    text,
    lines,
    placeAt(offset, length) {
      const at = Math.min(Math.max(offset, 0), text.length);
      const index = lineIndex(starts, at);
      const column = at - (starts[index] ?? 0) + 1;
      const rest = (lines[index] ?? '').length - column + 1;
      return { file, line: index + 1, column, length: Math.max(1, Math.min(length, rest)) };
    },
  };
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The last line that starts at or before the offset. */
function lineIndex(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** A problem at a place of this file, with the lines that the text form shows. */
export function placeProblem(source: SourceText, place: Place, facts: Omit<Problem, 'place' | 'sourceLine'>): Problem {
  const sourceLine = masked(source.lines[place.line - 1] ?? '');
  const before = source.lines[place.line - 2];
  return { ...facts, place, sourceLine, ...(before === undefined ? {} : { lineBefore: masked(before) }) };
}

const SECRET = /((?:pass\w*|token|secret|key)["']?\s*:\s+)("[^"]*"|'[^']*'|[^\s,}]+)/gi;

/** Secrets that stand in a scheme are not shown; the line keeps its length, so that the caret stays right. */
function masked(line: string): string {
  return line
    .replaceAll(SECRET, (whole, key: string, value: string) => (/^["']?[$!*]/.test(value) ? whole : key + dots(value)))
    .replaceAll(/(:\/\/[^:@/\s]+:)([^@/\s]+)(?=@)/g, (_whole, user: string, value: string) => user + dots(value));
}

/** The problem without the text at these places, whichever of its lines they are on. */
export function hide(problem: Problem, places: readonly Place[]): Problem {
  const { place, sourceLine, lineBefore } = problem;
  if (place === undefined || sourceLine === undefined) return problem;
  const shown = hideIn(sourceLine, place, places);
  if (lineBefore === undefined) return { ...problem, sourceLine: shown };
  return { ...problem, sourceLine: shown, lineBefore: hideIn(lineBefore, { ...place, line: place.line - 1 }, places) };
}

function hideIn(text: string, { file, line }: Place, places: readonly Place[]): string {
  return places
    .filter((place) => place.file === file && place.line === line)
    .reduce((shown, { column, length }) => {
      const end = column - 1 + length;
      return shown.slice(0, column - 1) + dots(shown.slice(column - 1, end)) + shown.slice(end);
    }, text);
}

function dots(value: string): string {
  return '•'.repeat(value.length);
}
