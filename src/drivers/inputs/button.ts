import { choice, duration, flag, optional, place, withDefault } from '../../schemes/fields.ts';
import type { Points } from '../../schemes/point.ts';
import { defineInput, type Samples } from '../driver.ts';

const event = { type: 'event', retain: false } as const;
const points = {
  double: { ...event, about: 'pressed twice within the time of `double`' },
  held: { ...event, about: 'pressed for the time of `held`, and still is' },
  pressed: { ...event, about: 'goes down' },
  released: { ...event, about: 'goes up again' },
  state: { type: 'boolean', about: 'it is down' },
} as const satisfies Points;

/** A push button, a bell push, a reed contact: anything that opens and closes a circuit. */
export const driver = defineInput({
  kind: 'button',
  summary: 'A push button on a GPIO line, pressed, released, pressed twice or held.',
  options: {
    at: place('Line, such as gpio17.'),
    pull: withDefault(
      choice('Resistor in the chip: up for a button that connects to ground.', ['up', 'down', 'none']),
      'up',
    ),
    active_low: optional(flag('Down is a low level. Default: on, but off with `pull: down`.')),
    debounce: withDefault(duration('Changes shorter than this are bouncing contacts.'), '30ms'),
    double: withDefault(duration('Longest time between two presses of a double one.'), '400ms'),
    held: withDefault(duration('Down so long is held.'), '1s'),
  },
  points,
  example: { at: 'gpio22' },
  async open({ at, pull, active_low, debounce, double, held }, { ports: { gpio } }) {
    const line = await gpio.request({
      line: at,
      direction: 'in',
      activeLow: active_low ?? pull !== 'down',
      bias: pull,
      debounceMs: debounce,
      edges: true,
    });
    let lastPress = Number.NEGATIVE_INFINITY;
    const down = (atMs: number): Samples<keyof typeof points> => {
      const isDouble = atMs - lastPress <= double;
      // A third press begins anew.
      lastPress = isDouble ? Number.NEGATIVE_INFINITY : atMs;
      return { state: true, pressed: 'pressed', ...(isDouble ? { double: 'double' } : {}) };
    };
    return {
      listen: async (emit, fail) => {
        line.watch({
          edge: ({ active, atMs }) => emit(active ? down(atMs) : { state: false, released: 'released' }),
          still: { afterMs: held, hear: () => emit({ held: 'held' }) },
          fail,
        });
        emit({ state: await line.read() });
      },
      close: async () => await line.close(),
    };
  },
});
