import { stripVTControlCharacters } from 'node:util';
import { wrap } from './wrap.ts';

export type Align = 'left' | 'right';

/** Rows of cells as lines, each column as wide as its widest cell. Colours do not count; the last column is not padded. */
export function columns(rows: readonly (readonly string[])[], aligns: readonly Align[] = []): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, width(cell));
  }
  return rows.map((row) =>
    row
      .map((cell, index) => pad(cell, widths[index] ?? 0, aligns[index] ?? 'left'))
      .join('  ')
      .trimEnd(),
  );
}

/**
 * Rows of a name and a text; a text that does not fit into `wide` characters goes on below its own beginning. A name that
 * takes more than half of them has its text on the next line.
 */
export function described(rows: readonly (readonly [name: string, text: string])[], wide: number): string[][] {
  const widths = rows.map(([name]) => width(name));
  const names = Math.max(0, ...widths.filter((one) => one <= wide / 2));
  return rows.map(([name, text], index) => {
    const isLong = (widths[index] ?? 0) > names;
    const lines = beside(pad(isLong ? '' : name, names), text, wide);
    return isLong ? [name, ...lines] : lines;
  });
}

/** A text beside a start; what does not fit into `wide` characters goes on below its own beginning. */
export function beside(start: string, text: string, wide: number): string[] {
  const at = width(start) + 2;
  const lines = wrap(text, Math.max(30, wide - at));
  return lines.map((line, index) => `${pad(index === 0 ? start : '', at)}${line}`.trimEnd());
}

export function pad(cell: string, wide: number, align: Align = 'left'): string {
  const space = ' '.repeat(Math.max(0, wide - width(cell)));
  return align === 'left' ? cell + space : space + cell;
}

/** Characters on the screen. */
export function width(text: string): number {
  return Array.from(stripVTControlCharacters(text)).length;
}

/** Cut to `wide` characters, with `…` when something is missing. */
export function cut(text: string, wide: number): string {
  const letters = Array.from(text);
  return letters.length <= wide ? text : `${letters.slice(0, Math.max(0, wide - 1)).join('')}…`;
}

/** Words joined with ` · ` as far as they fit into `wide` characters, and how many more there are. */
export function fitted(words: readonly string[], wide: number): string {
  let line = '';
  for (const [index, word] of words.entries()) {
    const next = line === '' ? word : `${line} · ${word}`;
    const more = ` · ${words.length - index - 1} more`;
    const isLast = index === words.length - 1;
    if (line !== '' && width(next) + (isLast ? 0 : more.length) > wide) return `${line} · ${words.length - index} more`;
    line = next;
  }
  return line;
}
