import { Unavailable } from '../../kit/errors.ts';
import type { Points } from '../../schemes/point.ts';
import { defineInput } from '../driver.ts';
import { plausible } from '../parse/plausible.ts';
import { flagSource } from '../parse/throttle-flags.ts';

const flag = { type: 'boolean', deviceClass: 'problem', diagnostic: true } as const;
const alarm = {
  ok: { type: 'boolean', diagnostic: true, about: 'The supply is good and the board runs at full speed, now' },
  under_voltage: { ...flag, about: 'The supply voltage is too low, now' },
} as const satisfies Points;
const points = {
  ...alarm,
  under_voltage_since_boot: { ...flag, about: 'The supply voltage was too low since the board started' },
  throttled: { ...flag, about: 'The processor is slowed down, now' },
  throttled_since_boot: { ...flag, about: 'The processor was slowed down since the board started' },
  frequency_capped: { ...flag, about: 'The frequency of the processor is limited, now' },
  frequency_capped_since_boot: { ...flag, about: 'The frequency was limited since the board started' },
  temperature_limit: { ...flag, about: 'The processor is close to too hot, now' },
  temperature_limit_since_boot: { ...flag, about: 'The processor was close to too hot since the board started' },
} as const satisfies Points;

/** Source: the firmware's get_throttled word (bits 0-3 now, 16-19 since boot); drivers/hwmon/raspberrypi-hwmon.c. */
export const driver = defineInput({
  kind: 'power',
  summary: 'Under-voltage and throttling of a Raspberry Pi.',
  options: {},
  points,
  every: '10s',
  example: {},
  async open(_options, { ports }) {
    const source = await flagSource(ports);
    if (source === undefined) throw new Unavailable('nothing on this board tells of under-voltage or throttling');
    return {
      points: source.isWhole ? points : alarm,
      read: async (signal) => {
        const flags = await source.read(signal);
        const { under_voltage, throttled, frequency_capped, temperature_limit } = flags;
        const ok = ![under_voltage, throttled, frequency_capped, temperature_limit].includes(true);
        return plausible(points, { ok, ...flags });
      },
      close: async () => undefined,
    };
  },
});
