import { choice, duration, number, place, withDefault } from '../../schemes/fields.ts';
import type { Points } from '../../schemes/point.ts';
import { defineInput } from '../driver.ts';
import { plausible } from '../parse/plausible.ts';
import { PulseCount } from '../parse/pulse-count.ts';

const energy = {
  type: 'number',
  unit: 'kWh',
  range: [0, 10_000_000],
  decimals: 3,
  deviceClass: 'energy',
  stateClass: 'total_increasing',
} as const;
const points = {
  energy: { ...energy, about: 'since hanbus opened it' },
  energy_today: { ...energy, about: 'since midnight, or since hanbus opened it' },
  power: {
    type: 'number',
    about: 'from the time between pulses',
    unit: 'W',
    range: [0, 100_000],
    decimals: 0,
    deviceClass: 'power',
  },
} as const satisfies Points;

/** The pulse output of an electricity meter (S0, DIN 43864 and EN 62053-31: 30 ms at least), or its blinking light. */
export const driver = defineInput({
  kind: 'pulse',
  summary: 'Power and energy from the pulses of an electricity meter.',
  options: {
    at: place('Line, such as gpio23.'),
    per_kwh: number('Pulses for one kWh, as the meter says: `1000 imp/kWh`.', { min: 1, max: 100_000 }),
    debounce: withDefault(duration('Shorter pulses are noise.'), '20ms'),
    pull: withDefault(
      choice('Resistor in the chip: up for a meter that connects to ground.', ['up', 'down', 'none']),
      'up',
    ),
  },
  points,
  every: '5s',
  example: { at: 'gpio23', per_kwh: 1000 },
  async open({ at, per_kwh, debounce, pull }, { ports: { gpio }, clock }) {
    const line = await gpio.request({
      line: at,
      direction: 'in',
      activeLow: pull !== 'down',
      bias: pull,
      debounceMs: debounce,
      edges: true,
    });
    const count = new PulseCount(per_kwh, clock.now());
    return {
      listen: async (_emit, fail) => {
        line.watch({
          edge: (edge) => count.edge(edge, { now: clock.now(), mono: clock.mono() }),
          fail,
        });
      },
      read: async () => {
        // Also finds out whether the chip is still there.
        await line.read();
        return plausible(points, count.reading({ now: clock.now(), mono: clock.mono() }));
      },
      close: async () => await line.close(),
    };
  },
});
