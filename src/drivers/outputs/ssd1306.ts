import { choice, flag, list, optional, place, text, whole, withDefault } from '../../schemes/fields.ts';
import type { Points } from '../../schemes/point.ts';
import { plainText, type Value } from '../../schemes/reading.ts';
import { defineOutput } from '../driver.ts';
import { type Chip, openChip } from '../parse/i2c-chip.ts';
import { LINE_LETTERS, linePage, SHOW, toPage, WIDTH, wakeUp } from '../parse/ssd1306.ts';

const line = (about: string) => ({ type: 'text', about, settable: true }) as const;
const points = {
  line1: line('first line of the display, 21 letters'),
  line2: line('second line'),
  line3: line('third line'),
  line4: line('fourth line'),
  line5: line('fifth line; not on 128x32'),
  line6: line('sixth line; not on 128x32'),
  line7: line('seventh line; not on 128x32'),
  line8: line('eighth line; not on 128x32'),
} as const satisfies Points;
type Line = keyof typeof points;
const LINES: readonly Line[] = ['line1', 'line2', 'line3', 'line4', 'line5', 'line6', 'line7', 'line8'];

/** First byte of a transfer: commands or pixels follow. Data sheet, 8.1.5. */
const [COMMANDS, PIXELS] = [0x00, 0x40];
/** Small pieces, so that sensors on the same bus do not wait long. */
const PIECE = 32;
/** Bit 6 of the status byte. */
const IS_OFF = 0x40;

/**
 * Source: data sheet SSD1306, rev 1.1. The driver shows what its points are set to. The texts of `show` with {points} in
 * them are filled in by the node, which sets line1, line2 ... anew when one of these points changes.
 */
export const driver = defineOutput({
  kind: 'ssd1306',
  summary: 'A small OLED display with an SSD1306 on I2C: eight lines of text.',
  options: {
    at: optional(place('Place on I2C. Default: 0x3c or 0x3d on i2c-1.')),
    show: optional(
      list(
        'Texts of the lines, from the top; {air.temperature} stands for a point, {clock} for the time.',
        text('Text of one line.'),
      ),
    ),
    size: withDefault(choice('Dots of the panel.', ['128x64', '128x32']), '128x64'),
    contrast: withDefault(whole('Brightness.', { min: 0, max: 255 }), 207),
    turned: withDefault(flag('Mounted upside down.'), 'off'),
  },
  points,
  every: '30s',
  example: { at: 'i2c-1:0x3c', show: ['{clock}', 'in {air.temperature}'] },
  async open({ at, show = [], size, contrast, turned }, { ports: { i2c }, initial }) {
    const isIt = async (one: Chip) => [3, 6].includes(((await one.transfer([], 1))[0] ?? 0) & 0x0f);
    const chip = await openChip(i2c, { kind: 'ssd1306', at, addresses: [0x3c, 0x3d], isIt, hasId: false });
    const lines = LINES.slice(0, size === '128x64' ? 8 : 4);
    const first = (name: Line, template = '') => cut(initial[name] ?? initial['*'] ?? fixed(template));
    const texts = new Map(lines.map((name, index) => [name, first(name, show[index])]));
    const panel = { rows: size === '128x64' ? 64 : 32, contrast, isTurned: turned } as const;
    const shown = new Map<Line, Uint8Array>();
    const draw = async (signal?: AbortSignal) => {
      for (const [page, name] of lines.entries()) {
        const wanted = linePage(texts.get(name) ?? '');
        if (isSame(shown.get(name), wanted)) continue;
        await sendPage(chip, page, wanted, signal);
        shown.set(name, wanted);
      }
    };
    /** Wakes the panel up, also after it lost its power, and draws all of it. */
    const begin = async (signal?: AbortSignal) => {
      shown.clear();
      await chip.transfer([COMMANDS, ...wakeUp(panel)], 0, signal);
      await draw(signal);
      await chip.transfer([COMMANDS, SHOW], 0, signal);
    };
    await begin();
    return {
      points: Object.fromEntries(lines.map((name) => [name, points[name]])),
      read: async (signal) => {
        const [status = 0] = await chip.transfer([], 1, signal);
        if ((status & IS_OFF) !== 0) await begin(signal);
        return Object.fromEntries(texts);
      },
      write: async ({ point, value }, signal) => {
        texts.set(point, cut(value));
        await draw(signal);
        return { [point]: texts.get(point) };
      },
      close: async () => await chip.close(),
    };
  },
});

/** A text without points needs nobody to fill it in. */
function fixed(template: string): string {
  return template.includes('{') ? '' : template;
}

/** What fits on a line; signs that are no letters are blanks. */
function cut(value: Value): string {
  const text = value === '' ? '' : plainText(value);
  return Array.from(text.replace(/\p{Cc}/gu, ' '))
    .slice(0, LINE_LETTERS)
    .join('');
}

function isSame(before: Uint8Array | undefined, after: Uint8Array): boolean {
  return before?.every((column, index) => column === after[index]) === true;
}

async function sendPage(chip: Chip, page: number, columns: Uint8Array, signal?: AbortSignal): Promise<void> {
  await chip.transfer([COMMANDS, ...toPage(page)], 0, signal);
  for (let at = 0; at < WIDTH; at += PIECE) {
    await chip.transfer([PIXELS, ...columns.subarray(at, at + PIECE)], 0, signal);
  }
}
