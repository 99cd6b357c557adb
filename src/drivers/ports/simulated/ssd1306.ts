import type { ChipModel } from './i2c.ts';

export interface Ssd1306Model extends ChipModel {
  /** The dots in its memory: eight pages of 128 columns, the lowest bit on top. */
  readonly pages: readonly Uint8Array[];
  readonly isOn: boolean;
  /** Bytes of pixels that were sent to it. */
  readonly received: number;
  /** As after power-on: off, and noise in the memory. */
  reset(): void;
}

/** Commands that take arguments, by how many. Data sheet SSD1306 rev 1.1, table 9. */
const ARGUMENTS: Readonly<Record<number, number>> = {
  32: 1,
  33: 2,
  34: 2,
  38: 6,
  39: 6,
  41: 5,
  42: 5,
  129: 1,
  141: 1,
  163: 2,
  168: 1,
  211: 1,
  213: 1,
  217: 1,
  218: 1,
  219: 1,
};
const WIDTH = 128;
const OFF = 0x40;

/** An SSD1306 in page addressing mode: pointers, memory, on and off, and the status byte. */
export function makeSsd1306Model(): Ssd1306Model {
  const pages = Array.from({ length: 8 }, () => new Uint8Array(WIDTH).fill(0xa5));
  let [page, column, received] = [0, 0, 0];
  let isOn = false;
  const command = (code: number) => {
    if (code === 0xae || code === 0xaf) isOn = code === 0xaf;
    if (code >= 0xb0 && code <= 0xb7) page = code & 7;
    if (code <= 0x0f) column = (column & 0xf0) | code;
    if (code >= 0x10 && code <= 0x1f) column = (column & 0x0f) | ((code & 0x07) << 4);
  };
  const pixel = (dots: number) => {
    const target = pages[page];
    if (target !== undefined) target[column] = dots;
    column = (column + 1) % WIDTH;
    received += 1;
  };
  return {
    pages,
    get isOn() {
      return isOn;
    },
    get received() {
      return received;
    },
    reset: () => {
      isOn = false;
      for (const one of pages) one.fill(0xa5);
    },
    write: ([control, ...rest]) => {
      if (control === 0x40) return rest.forEach(pixel);
      for (let at = 0; at < rest.length; at += 1 + (ARGUMENTS[rest[at] ?? 0] ?? 0)) command(rest[at] ?? 0);
      return undefined;
    },
    read: (count) => new Uint8Array(count).fill(isOn ? 3 : OFF | 3),
  };
}
