import { describe, expect, test } from 'vitest';
import { driver } from '../../../src/drivers/inputs/serial.ts';
import { parseLinePattern } from '../../../src/drivers/parse/line-pattern.ts';
import { makeBench, onBench } from '../../fakes/bench.ts';

const LINES = 'T={temperature:°C} H={humidity:%} W={wind:m/s} D={direction:°} R={rain:mm}';
const OPTIONS = { at: '/dev/ttyACM0', lines: LINES, baud: 9_600 };

async function withBoard(options: object = OPTIONS) {
  const bench = makeBench();
  let say: (text: string) => void = () => undefined;
  const bauds: number[] = [];
  bench.serial.plug('/dev/ttyACM0', {
    opened: (to, baud) => {
      bauds.push(baud);
      say = (text) => to(new TextEncoder().encode(text));
    },
    hear: () => undefined,
    closed: () => undefined,
  });
  const board = await onBench(bench, driver, options);
  say('\n');
  return { bench, bauds, ...board, say: (text: string) => say(text) };
}

describe('serial', () => {
  test('values come from the lines', async () => {
    const { heard, say, open, bauds } = await withBoard();
    say('T=12.3 H=81 W=3.4 D=225 R=0.2\r\n');
    say('T=-1,5   H=99 W=.5 D=0 R=1e1\n');
    expect(heard).toEqual([
      { temperature: 12.3, humidity: 81, wind: 3.4, direction: 225, rain: 0.2 },
      { temperature: -1.5, humidity: 99, wind: 0.5, direction: 0, rain: 10 },
    ]);
    expect(bauds).toEqual([9_600]);
    expect(open.points?.wind).toMatchObject({ type: 'number', unit: 'm/s' });
  });

  test('other lines are left out; a number that is none, or cannot be, is bad', async () => {
    const { heard, say } = await withBoard();
    say('booting\nT=nan H=150 W=3.4 D=225 R=0.2\n');
    expect(heard).toEqual([
      {
        temperature: { quality: 'bad', why: 'the board says that it has no number' },
        humidity: { quality: 'bad', why: '150 % cannot be true: it is outside 0..100' },
        wind: 3.4,
        direction: 225,
        rain: 0.2,
      },
    ]);
  });

  test('fifty strange lines in a row are a fault that shows the last', async () => {
    const { say, failures } = await withBoard();
    say('temp 12\n'.repeat(49));
    expect(failures).toEqual([]);
    say('temp 13\n');
    expect(failures).toMatchObject([{ name: 'Unavailable', message: '50 lines do not fit; the last was "temp 13"' }]);
  });

  test('garbage and endless lines are survived', async () => {
    const { heard, say } = await withBoard();
    say('\u0000\u00ff'.repeat(5_000));
    say('\nT=1 H=2 W=3 D=4 R=5\n');
    expect(heard).toEqual([{ temperature: 1, humidity: 2, wind: 3, direction: 4, rain: 5 }]);
  });

  test('unplugged is Unavailable, and so is a port that is not there', async () => {
    const { bench, failures } = await withBoard();
    bench.serial.unplug('/dev/ttyACM0');
    expect(failures).toMatchObject([{ name: 'Unavailable', code: 'HB106' }]);
    await expect(onBench(bench, driver, OPTIONS)).rejects.toMatchObject({ name: 'Unavailable', code: 'HB106' });
  });
});

describe('a pattern of lines', () => {
  test('a line that is made to be looked at for ever is done at once', () => {
    const many = Array.from({ length: 32 }, (_, index) => `{v${index}}`).join('-');
    const started = performance.now();
    for (const pattern of [many, '{a:text} {b:text} {c}', '{a}e{b}e{c}', '{a} {b} {c} {d}']) {
      for (const line of [
        '1'.repeat(1_024),
        '1-'.repeat(512),
        ' '.repeat(1_024),
        '1e'.repeat(512),
        '1 '.repeat(512),
        '1.1-1e-1'.repeat(128),
      ]) {
        parseLinePattern(pattern).read(`${line}x`);
      }
    }
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  test('text, numbers without a unit, signs of regular expressions', () => {
    const pattern = parseLinePattern('[{n}] state: {word:text} (v={volts:V})');
    expect(pattern.read('[3] state: all is well (v=4.98)')).toEqual({ n: 3, word: 'all is well', volts: 4.98 });
    expect(pattern.read('[3] state: ? (v=4.98')).toBeUndefined();
    expect(pattern.points).toMatchObject({ n: { type: 'number' }, word: { type: 'text' }, volts: { unit: 'V' } });
  });

  test.each([
    ['nothing here', 'it has no {name}'],
    ['T={Temperature}', '"Temperature" is no name for a point'],
    ['{a} {a}', '{a} stands twice'],
    ['{a:furlong}', '"furlong" is not a unit'],
    ['T={a', 'a brace has no partner'],
    ['{a}{b}', 'two values need a sign between them that is no digit'],
    ['{a}1{b}', 'two values need a sign between them that is no digit'],
    ['{a:text}, {b:text}, {c:text}', 'it has 3 texts; at most 2'],
  ])('%s: %s', (pattern, why) => {
    expect(() => parseLinePattern(pattern)).toThrow(`lines: "${pattern}" cannot be used: ${why}`);
    expect(driver.pointsOf?.({ lines: pattern })).toBeUndefined();
  });
});
