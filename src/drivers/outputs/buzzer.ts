import { flag, place, withDefault } from '../../schemes/fields.ts';
import type { Points } from '../../schemes/point.ts';
import { defineOutput } from '../driver.ts';

const points = {
  tone: {
    type: 'number',
    about: 'it sounds; 0 is silence',
    unit: 'Hz',
    range: [0, 20_000],
    decimals: 0,
    settable: true,
    once: true,
  },
} as const satisfies Points;

/** A buzzer that sounds by itself when it has power (an active one): any tone but 0 switches it on, its own tone is heard. */
export const driver = defineOutput({
  kind: 'buzzer',
  summary: 'A buzzer or chime on a GPIO line.',
  options: {
    at: place('Line, such as gpio18.'),
    active_low: withDefault(flag('A low level sounds.'), 'off'),
  },
  points,
  every: '30s',
  example: { at: 'gpio18' },
  async open({ at, active_low }, { ports: { gpio } }) {
    const line = await gpio.request({ line: at, direction: 'out', activeLow: active_low, initial: false });
    let tone = 0;
    return {
      read: async () => ({ tone: (await line.read()) ? tone : 0 }),
      write: async ({ value }) => {
        tone = Number(value);
        await line.write(tone > 0);
        return { tone };
      },
      close: async () => await line.close(),
    };
  },
});
