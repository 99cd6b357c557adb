import { duration, flag, place, withDefault } from '../../schemes/fields.ts';
import type { Points } from '../../schemes/point.ts';
import { defineInput } from '../driver.ts';

const points = {
  detected: { type: 'event', about: 'somebody begins to move', retain: false },
  motion: { type: 'boolean', about: 'somebody moves', deviceClass: 'motion' },
} as const satisfies Points;

/**
 * A passive infrared sensor such as the HC-SR501: its output is high while it sees motion and for the time that is set on
 * the module. It needs up to a minute after power-on before it tells the truth.
 */
export const driver = defineInput({
  kind: 'pir',
  summary: 'Motion from an infrared sensor on a GPIO line.',
  options: {
    at: place('Line, such as gpio4.'),
    active_low: withDefault(flag('A low level is motion.'), 'off'),
    debounce: withDefault(duration('Shorter pulses are noise of the wire.'), '50ms'),
  },
  points,
  example: { at: 'gpio4' },
  async open({ at, active_low, debounce }, { ports: { gpio } }) {
    const line = await gpio.request({
      line: at,
      direction: 'in',
      activeLow: active_low,
      bias: active_low ? 'up' : 'down',
      debounceMs: debounce,
      edges: true,
    });
    return {
      listen: async (emit, fail) => {
        line.watch({
          edge: ({ active }) => emit({ motion: active, ...(active ? { detected: 'detected' } : {}) }),
          fail,
        });
        emit({ motion: await line.read() });
      },
      close: async () => await line.close(),
    };
  },
});
