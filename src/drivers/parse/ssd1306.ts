import { LETTER_WIDTH, letterColumns } from './small-font.ts';

export const WIDTH = 128;
/** Letters of one line. */
export const LINE_LETTERS = 21;

export interface PanelOptions {
  readonly rows: 32 | 64;
  readonly contrast: number;
  readonly isTurned: boolean;
}

/**
 * Commands that wake the panel up, dark. Source: data sheet SSD1306 rev 1.1, 3 and 10.1, and its application note: clock,
 * rows, no offset, charge pump on, page addressing, orientation, wiring of the rows, contrast.
 */
export function wakeUp({ rows, contrast, isTurned }: PanelOptions): readonly number[] {
  const orientation = isTurned ? [0xa0, 0xc0] : [0xa1, 0xc8];
  const wiring = rows === 64 ? 0x12 : 0x02;
  return [
    ...[0xae, 0xd5, 0x80, 0xa8, rows - 1, 0xd3, 0x00, 0x40, 0x8d, 0x14, 0x20, 0x02],
    ...orientation,
    ...[0xda, wiring, 0x81, contrast, 0xd9, 0xf1, 0xdb, 0x40, 0xa4, 0xa6],
  ];
}

export const SHOW = 0xaf;

/** Commands that put the pointer to the beginning of a page, which is one line of text. */
export function toPage(page: number): readonly number[] {
  return [0xb0 | page, 0x00, 0x10];
}

/** One line of text as the 128 columns of a page. */
export function linePage(text: string): Uint8Array {
  const page = new Uint8Array(WIDTH);
  for (const [index, letter] of Array.from(text).slice(0, LINE_LETTERS).entries()) {
    page.set(letterColumns(letter), index * (LETTER_WIDTH + 1));
  }
  return page;
}
