import { Unavailable } from '../../kit/errors.ts';
import { place } from '../../schemes/fields.ts';
import type { Sample } from '../driver.ts';
import { defineInput } from '../driver.ts';
import { sampleIn } from '../parse/attribute.ts';
import { ONE_WIRE_DEVICES, probeId } from '../parse/one-wire.ts';

/**
 * Family 26. The kernel's w1_ds2438 gives `temperature` in 1/256 °C and `vad`, `vdd` in 10 mV.
 * Boards with an HIH-4000 tell humidity by `input`; its formula belongs into the scheme of that board.
 */
export const driver = defineInput({
  kind: 'ds2438',
  summary: 'Temperature and two voltages of a DS2438 on the 1-Wire bus, found on humidity and battery boards.',
  options: { at: place('Chip id, as `hanbus scan` lists it.') },
  points: {
    input: { type: 'number', about: 'VAD input', unit: 'V', range: [0, 10.5], decimals: 2, deviceClass: 'voltage' },
    supply: { type: 'number', about: 'VDD supply', unit: 'V', range: [0, 10.5], decimals: 2, deviceClass: 'voltage' },
    temperature: { type: 'number', unit: '°C', range: [-40, 85], decimals: 2, deviceClass: 'temperature' },
  },
  every: '30s',
  deadline: '5s',
  example: { at: '1wire:26-000001a2b3c4' },
  async open({ at }, { ports: { files } }) {
    const folder = `${ONE_WIRE_DEVICES}/${probeId(at)}`;
    if (!(await files.exists(folder))) throw new Unavailable(`${at} is not on the bus`);
    const read = async (file: string, scale: number, signal: AbortSignal): Promise<Sample> =>
      await sampleIn(files, `${folder}/${file}`, { scale, decimals: 2 }, signal);
    return {
      read: async (signal) => ({
        temperature: await read('temperature', 1 / 256, signal),
        input: await read('vad', 0.01, signal),
        supply: await read('vdd', 0.01, signal),
      }),
      close: async () => undefined,
    };
  },
});
