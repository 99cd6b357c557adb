import type { SourceText } from './source-text.ts';
import type { YamlFault } from './yaml-parse.ts';

/** The text that a fault marks, on its first line. */
export function textAt(source: SourceText, error: YamlFault): string {
  return source.text.slice(error.pos[0], Math.max(error.pos[1], error.pos[0] + 1)).split('\n')[0] ?? '';
}

export function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

export function lineAt(source: SourceText, offset: number): string {
  return source.lines[source.placeAt(offset, 1).line - 1] ?? '';
}

/** Key and value of the pair whose value holds the offset, as they stand on the line. */
export function pairAround(source: SourceText, offset: number): { key: string; value: string; line: number } {
  const place = source.placeAt(offset, 1);
  const text = source.lines[place.line - 1] ?? '';
  const start = Math.max(text.lastIndexOf('{', place.column - 1), text.lastIndexOf(',', place.column - 1)) + 1;
  const flow = start > 0;
  const part = flow ? text.slice(start).replace(/[,}].*$/, '') : text;
  const [, key = part.trim(), value = ''] = /^\s*(?:- )?([^\s:]+):\s+(.*?)\s*$/.exec(part) ?? [];
  return { key, value, line: place.line };
}
