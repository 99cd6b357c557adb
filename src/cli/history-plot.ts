/** One line of a plot per row of the terminal: numbers over time, in Braille dots, or in stars where those are not known. */
export interface PlotWish {
  /** One for each column of dots, left to right; undefined: not known. */
  readonly values: readonly (number | undefined)[];
  /** Rows of text. */
  readonly rows: number;
  readonly unicode: boolean;
}

export interface Plot {
  readonly lines: readonly string[];
  /** The values at the middle of the top and of the bottom row of dots. */
  readonly top: number;
  readonly bottom: number;
}

const BRAILLE = 0x2800;
/** The bit of each dot of a cell: by column, then from the top. */
const DOTS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;

/** Columns of dots in a column of text. */
export function dotsAcross(unicode: boolean): number {
  return unicode ? 2 : 1;
}

export function plotOf({ values, rows, unicode }: PlotWish): Plot {
  const known = values.filter((value) => value !== undefined);
  const [low, high] = bounds(Math.min(...known), Math.max(...known));
  const height = rows * (unicode ? 4 : 1);
  const dotOf = (value: number) => Math.round(((high - value) / (high - low)) * (height - 1));
  const columns = values.map((value, index) => column(value, values[index - 1], dotOf));
  const line = unicode ? brailleLine : starLine;
  return { lines: Array.from({ length: rows }, (_, row) => line(columns, row)), top: high, bottom: low };
}

/** A flat line is drawn in the middle. */
function bounds(low: number, high: number): [number, number] {
  const room = low === high ? Math.abs(low) * 0.01 || 1 : 0;
  return [low - room, high + room];
}

/** The first and last dot of a column: it reaches half way to the one before, so that the line has no holes. */
type Column = readonly [from: number, to: number] | undefined;

function column(value: number | undefined, before: number | undefined, dotOf: (value: number) => number): Column {
  if (value === undefined) return undefined;
  const dot = dotOf(value);
  if (before === undefined) return [dot, dot];
  const last = dotOf(before);
  if (Math.abs(last - dot) <= 1) return [dot, dot];
  return dot > last ? [last + 1, dot] : [dot, last - 1];
}

const has = (dots: Column, dot: number) => dots !== undefined && dots[0] <= dot && dot <= dots[1];

function brailleLine(columns: readonly Column[], row: number): string {
  let line = '';
  for (let at = 0; at < columns.length; at += 2) {
    let cell = 0;
    for (const [side, bits] of DOTS.entries()) {
      for (const [dot, bit] of bits.entries()) if (has(columns[at + side], row * 4 + dot)) cell += bit;
    }
    line += cell === 0 ? ' ' : String.fromCharCode(BRAILLE + cell);
  }
  return line;
}

function starLine(columns: readonly Column[], row: number): string {
  return columns.map((dots) => (has(dots, row) ? '*' : ' ')).join('');
}
