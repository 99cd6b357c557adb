import { describe, expect, test } from 'vitest';
import { driver } from '../../../src/drivers/outputs/ssd1306.ts';
import { letterColumns } from '../../../src/drivers/parse/small-font.ts';
import { linePage } from '../../../src/drivers/parse/ssd1306.ts';
import { makeSsd1306Model } from '../../../src/drivers/ports/simulated/ssd1306.ts';
import { makeBench, onBench } from '../../fakes/bench.ts';

const PLACE = { bus: 'i2c-1', address: 0x3c };
const OPTIONS = { at: 'i2c-1:0x3c', size: '128x64', contrast: 207, turned: false };

async function withDisplay(options: object = {}, initial = {}) {
  const bench = makeBench();
  const panel = makeSsd1306Model();
  bench.i2c.put(PLACE, panel);
  return { bench, panel, ...(await onBench(bench, driver, { ...OPTIONS, ...options }, initial)) };
}

describe('ssd1306', () => {
  test('begins on and empty: the noise of power-on is gone', async () => {
    const { panel } = await withDisplay();
    expect(panel.isOn).toBe(true);
    expect(panel.pages.every((page) => page.every((column) => column === 0))).toBe(true);
  });

  test('a line is drawn on its page, and only that one is sent', async () => {
    const { panel, write } = await withDisplay();
    const before = panel.received;
    expect(await write('line4', 'Close the garden door')).toEqual({ line4: 'Close the garden door' });
    expect(panel.pages[3]).toEqual(linePage('Close the garden door'));
    expect(panel.received - before).toBe(128);
    await write('line4', 'Close the garden door');
    expect(panel.received - before).toBe(128);
    await write('line4', '');
    expect(panel.pages[3]?.every((column) => column === 0)).toBe(true);
  });

  test('a long text is cut, and the point says what is shown', async () => {
    const { write, read } = await withDisplay();
    expect(await write('line1', 'A text of more than twenty-one letters')).toEqual({ line1: 'A text of more than t' });
    expect(await read()).toMatchObject({ line1: 'A text of more than t', line2: '' });
  });

  test('texts without points are shown at once, the others wait for the node', async () => {
    const { panel } = await withDisplay({ show: ['Kitchen', 'in {air.temperature}'] });
    expect(panel.pages[0]).toEqual(linePage('Kitchen'));
    expect(panel.pages[1]).toEqual(linePage(''));
  });

  test('after a loss of power it is woken up and drawn again', async () => {
    const { panel, write, read } = await withDisplay();
    await write('line2', 'Hello');
    panel.reset();
    await read();
    expect([panel.isOn, panel.pages[1]]).toEqual([true, linePage('Hello')]);
    expect(panel.pages[0]).toEqual(linePage(''));
  });

  test('a panel of 32 rows has four lines', async () => {
    const { open } = await withDisplay({ size: '128x32' });
    expect(Object.keys(open.points ?? {})).toEqual(['line1', 'line2', 'line3', 'line4']);
  });

  test('what was not shown for a fault is shown by the next write', async () => {
    const { bench, panel, write } = await withDisplay();
    bench.i2c.fault(PLACE, 'nack');
    await expect(write('line1', 'Hello')).rejects.toMatchObject({ name: 'Unavailable', code: 'HB105' });
    bench.i2c.fault(PLACE, undefined);
    await write('line2', 'there');
    expect([panel.pages[0], panel.pages[1]]).toEqual([linePage('Hello'), linePage('there')]);
  });
});

describe('the small font', () => {
  const picture = (letter: string) =>
    Array.from({ length: 8 }, (_, row) =>
      letterColumns(letter)
        .map((column) => ((column >> row) & 1 ? '#' : '.'))
        .join(''),
    );

  test('A and ä', () => {
    expect(picture('A')).toEqual(['.....', '.##..', '#..#.', '#..#.', '####.', '#..#.', '#..#.', '.....']);
    expect(picture('ä')).toEqual(['.....', '.#.#.', '.....', '.###.', '#..#.', '#..#.', '.###.', '.....']);
  });

  test('every letter has a picture of its own, and what it does not know is a question mark', () => {
    const letters = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
    expect(new Set(letters.map((letter) => letterColumns(letter).join())).size).toBe(95);
    expect(letterColumns('漢')).toEqual(letterColumns('?'));
    expect(letterColumns('ÿ')).not.toEqual(letterColumns('?'));
  });
});
