import { OptionsError, Unavailable } from '../../kit/errors.ts';
import { place, text, whole, withDefault } from '../../schemes/fields.ts';
import type { Sample } from '../driver.ts';
import { defineInput } from '../driver.ts';
import { parseLinePattern } from '../parse/line-pattern.ts';
import { plausible } from '../parse/plausible.ts';

/** So many lines in a row that do not fit are no start-up messages any more. */
const MOST_STRANGE = 50;

/** Any board that prints its values: an Arduino, a weather station, a meter with a serial output. */
export const driver = defineInput({
  kind: 'serial',
  summary: 'Values from the lines that a board prints on a serial port.',
  options: {
    at: place('Port, such as /dev/ttyACM0.'),
    lines: text('What a line looks like: fixed text, and {name:unit}, {name} or {name:text} where the values are.'),
    baud: withDefault(whole('Bits per second.', { min: 50, max: 4_000_000 }), 9600),
  },
  points: 'found',
  pointsOf: ({ lines }) => {
    try {
      return typeof lines === 'string' ? parseLinePattern(lines).points : undefined;
    } catch (error) {
      if (error instanceof OptionsError) return undefined;
      throw error;
    }
  },
  example: { at: '/dev/ttyACM0', lines: 'T={temperature:°C} H={humidity:%}' },
  async open({ at, lines, baud }, { ports }) {
    const pattern = parseLinePattern(lines);
    const port = await ports.serial.open(at, { baud });
    let strange = 0;
    return {
      points: pattern.points,
      listen: async (emit, fail) =>
        port.lines({
          line: (line) => {
            const values = pattern.read(line);
            strange = values === undefined ? strange + 1 : 0;
            if (values !== undefined) emit({ ...plausible(pattern.points, values), ...nothing(values) });
            if (strange === MOST_STRANGE) {
              fail(new Unavailable(`${MOST_STRANGE} lines do not fit; the last was "${line.slice(0, 60)}"`));
            }
          },
          fail,
        }),
      close: async () => await port.close(),
    };
  },
});

/** What a board prints when its own sensor does not answer: `nan`. */
function nothing(values: Readonly<Record<string, unknown>>): Readonly<Record<string, Sample>> {
  const without = Object.keys(values).filter((name) => Number.isNaN(values[name]));
  return Object.fromEntries(
    without.map((name) => [name, { quality: 'bad', why: 'the board says that it has no number' } as const]),
  );
}
