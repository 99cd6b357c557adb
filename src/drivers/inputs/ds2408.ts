import { Unavailable } from '../../kit/errors.ts';
import { place } from '../../schemes/fields.ts';
import { defineInput } from '../driver.ts';
import { ONE_WIRE_DEVICES, probeId, registerByte } from '../parse/one-wire.ts';

const pin = (number: number) => ({ type: 'boolean', about: `level of pin P${number}` }) as const;

/** Family 29. The register is the level of the pins, bit 0 = P0. Nothing is switched: outputs are another driver. */
export const driver = defineInput({
  kind: 'ds2408',
  summary: 'Levels of the eight pins of a DS2408 switch on the 1-Wire bus, read only.',
  options: { at: place('Chip id, as `hanbus scan` lists it.') },
  points: { p0: pin(0), p1: pin(1), p2: pin(2), p3: pin(3), p4: pin(4), p5: pin(5), p6: pin(6), p7: pin(7) },
  every: '2s',
  example: { at: '1wire:29-0000000c41f7' },
  async open({ at }, { ports: { files } }) {
    const folder = `${ONE_WIRE_DEVICES}/${probeId(at)}`;
    if (!(await files.exists(`${folder}/state`))) throw new Unavailable(`${at} is not on the bus`);
    return {
      read: async (signal) => {
        const byte = await registerByte(files, `${folder}/state`, signal);
        const level = (bit: number) => (byte & (1 << bit)) !== 0;
        return {
          ...{ p0: level(0), p1: level(1), p2: level(2), p3: level(3) },
          ...{ p4: level(4), p5: level(5), p6: level(6), p7: level(7) },
        };
      },
      close: async () => undefined,
    };
  },
});
