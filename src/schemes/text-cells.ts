/** Longest part of a source line that is shown, in terminal cells. */
const MAX_CELLS = 100;

const MARK = /^\p{M}|^\u200B|^\u200D|^\uFE0F/u;
const WIDE =
  /^[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|^\p{Emoji_Presentation}/u;

/** How many terminal cells a text takes: East Asian and emoji two, combining marks none. */
export function cells(text: string): number {
  let total = 0;
  for (const char of text) total += cellsOf(char);
  return total;
}

function cellsOf(char: string): number {
  if (MARK.test(char)) return 0;
  return WIDE.test(char) ? 2 : 1;
}

/** Tabs as one space each, other control characters as �. */
export function untabbed(text: string): string {
  return text.replaceAll('\t', ' ').replaceAll(/(?!\n)[\p{Cc}\p{Bidi_Control}]/gu, '�');
}

export interface ClippedLine {
  readonly text: string;
  /** Cells before the caret. */
  readonly before: number;
  /** Cells that the caret underlines. */
  readonly length: number;
}

/** A line fit to show: no tabs, not too long, with the caret counted in cells. `column` and `length` count characters. */
export function clipLine(line: string, column: number, length: number): ClippedLine {
  const clean = untabbed(line);
  const from = Math.max(0, column - 1);
  const start = cells(clean.slice(0, from)) + 4 > MAX_CELLS ? Math.max(0, from - 40) : 0;
  const lead = start > 0 ? '…' : '';
  const rest = takeCells(clean.slice(start), MAX_CELLS);
  const text = `${lead}${rest}${rest.length < clean.length - start ? '…' : ''}`;
  const before = cells(lead) + cells(clean.slice(start, from));
  const marked = cells(clean.slice(from, from + Math.max(length, 1)));
  return { text, before, length: Math.max(1, Math.min(marked, cells(text) - before)) };
}

function takeCells(text: string, limit: number): string {
  let taken = '';
  let total = 0;
  for (const char of text) {
    total += cellsOf(char);
    if (total > limit) break;
    taken += char;
  }
  return taken;
}
