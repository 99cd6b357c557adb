import { Unavailable } from '../../kit/errors.ts';
import { flag, place, withDefault } from '../../schemes/fields.ts';
import type { Points } from '../../schemes/point.ts';
import { defineOutput } from '../driver.ts';

const points = {
  state: { type: 'boolean', about: 'it is on', settable: true },
} as const satisfies Points;

/**
 * A relay, lamp, valve or any other thing that a GPIO line switches. From its first moment the line has the safe value of
 * the scheme, or what it had before; closing leaves it as it is.
 */
export const driver = defineOutput({
  kind: 'relay',
  summary: 'A relay, or anything else that a GPIO line switches on and off.',
  options: {
    at: place('Line, such as gpio17.'),
    active_low: withDefault(flag('A low level switches on, as on most relay boards with several relays.'), 'off'),
  },
  points,
  every: '30s',
  example: { at: 'gpio17' },
  async open({ at, active_low }, { ports: { gpio }, initial }) {
    const first = initial.state ?? initial['*'];
    const line = await gpio.request({
      line: at,
      direction: 'out',
      activeLow: active_low,
      initial: typeof first === 'boolean' ? first : 'keep',
    });
    return {
      read: async () => ({ state: await line.read() }),
      write: async ({ value }) => {
        await line.write(value === true);
        const state = await line.read();
        if (state !== value) throw new Unavailable(`${at} does not follow: it stays ${state ? 'on' : 'off'}`);
        return { state };
      },
      close: async () => await line.close(),
    };
  },
});
