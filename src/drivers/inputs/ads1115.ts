import { Unavailable } from '../../kit/errors.ts';
import { choice, list, optional, place, withDefault } from '../../schemes/fields.ts';
import type { Points } from '../../schemes/point.ts';
import { defineInput } from '../driver.ts';
import { type Chip, openChip } from '../parse/i2c-chip.ts';
import { plausible } from '../parse/plausible.ts';

const volts = { type: 'number', unit: 'V', range: [-0.3, 6.144], decimals: 4, deviceClass: 'voltage' } as const;
const points = {
  a0: { ...volts, about: 'input A0 against ground' },
  a1: { ...volts, about: 'input A1 against ground' },
  a2: { ...volts, about: 'input A2 against ground' },
  a3: { ...volts, about: 'input A3 against ground' },
} as const satisfies Points;
type Input = keyof typeof points;
const INPUTS = ['a0', 'a1', 'a2', 'a3'] as const;

/** Full scale to the PGA bits of the config register. */
const GAINS: Readonly<Record<string, { readonly bits: number; readonly volts: number }>> = {
  '6.144V': { bits: 0, volts: 6.144 },
  '4.096V': { bits: 1, volts: 4.096 },
  '2.048V': { bits: 2, volts: 2.048 },
  '1.024V': { bits: 3, volts: 1.024 },
  '0.512V': { bits: 4, volts: 0.512 },
  '0.256V': { bits: 5, volts: 0.256 },
};
const [RESULT, CONFIG] = [0x00, 0x01];
/** Bit 15: start, or not busy; bits 14..12: 4 + input; 11..9: gain; 8: one conversion; 7..5: 128 a second; 1..0: no comparator. */
const [START, SINGLE, RATE_128, NO_COMPARATOR] = [0x8000, 0x0100, 0x0080, 0x0003];
/** 1/128 s, and the oscillator may be 10 % slow. */
const CONVERT_MS = 9;
const TRIES = 5;

/** Source: data sheet SBAS444D (ADS1115), 9.5 and 9.6. */
export const driver = defineInput({
  kind: 'ads1115',
  summary: 'Four voltages from an ADS1115 converter on I2C.',
  options: {
    at: optional(place('Place on I2C. Default: the only one at 0x48 to 0x4b on i2c-1.')),
    gain: withDefault(
      choice('Largest voltage that is measured; inputs must stay below the supply all the same.', Object.keys(GAINS)),
      '4.096V',
    ),
    inputs: withDefault(list('Inputs that something is connected to.', choice('Input.', INPUTS)), [...INPUTS]),
  },
  points,
  every: '5s',
  example: { at: 'i2c-1:0x48' },
  async open({ at, gain, inputs }, { ports: { i2c } }) {
    const { bits, volts: full } = GAINS[gain] ?? { bits: 1, volts: 4.096 };
    const chip = await openChip(i2c, {
      kind: 'ads1115',
      at,
      addresses: [0x48, 0x49, 0x4a, 0x4b],
      isIt: isAds1115,
      hasId: false,
    });
    const measure = async (input: Input, signal: AbortSignal): Promise<number> => {
      const config = START | ((4 + INPUTS.indexOf(input)) << 12) | (bits << 9) | SINGLE | RATE_128 | NO_COMPARATOR;
      await chip.transfer([CONFIG, config >> 8, config & 0xff], 0, signal);
      await chip.wait(CONVERT_MS, signal);
      await ready(chip, config, signal);
      const result = await chip.transfer([RESULT], 2, signal);
      return (new DataView(result.buffer, result.byteOffset).getInt16(0) * full) / 32_768;
    };
    return {
      points: Object.fromEntries(inputs.map((input) => [input, points[input]])),
      read: async (signal) => {
        const raw: { [K in Input]?: number } = {};
        for (const input of inputs) raw[input] = await measure(input, signal);
        return plausible(points, raw);
      },
      close: async () => await chip.close(),
    };
  },
});

/** It has no id; thresholds as after power-on are evidence enough, and asking changes nothing. */
async function isAds1115(chip: Chip): Promise<boolean> {
  const [low = 0, lower = 0] = await chip.transfer([0x02], 2);
  const [high = 0, higher = 0] = await chip.transfer([0x03], 2);
  // 0x8000 and 0x7fff; this driver never changes them.
  return low === 0x80 && lower === 0x00 && high === 0x7f && higher === 0xff;
}

/** Waits for the end of the conversion, and makes sure that it is ours: another master could have changed the input. */
async function ready(chip: Chip, config: number, signal: AbortSignal): Promise<void> {
  for (let left = TRIES; left > 0; left -= 1) {
    const [high = 0, low = 0] = await chip.transfer([CONFIG], 2, signal);
    const now = high * 256 + low;
    if ((now & 0x7fff) !== (config & 0x7fff))
      throw new Unavailable('the ADS1115 lost its settings: its supply is bad or another program uses it');
    if ((now & START) !== 0) return;
    await chip.wait(1, signal);
  }
  throw new Unavailable('the ADS1115 does not finish its conversion');
}
