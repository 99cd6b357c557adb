import { place } from '../../schemes/fields.ts';
import { defineInput } from '../driver.ts';
import { sampleIn } from '../parse/attribute.ts';
import { openFolder } from '../parse/folder-input.ts';
import { thermalZones } from '../parse/thermal-zones.ts';

const points = {
  temperature: {
    type: 'number',
    about: 'temperature that the kernel cools by',
    unit: '°C',
    range: [-40, 150],
    decimals: 1,
    deviceClass: 'temperature',
    diagnostic: true,
    deadband: 0.5,
  },
} as const;

/** Source: Documentation/ABI/testing/sysfs-class-thermal; `temp` is in milli degrees. */
export const driver = defineInput({
  kind: 'thermal',
  summary: 'Temperature of the processor or another zone that the kernel watches.',
  options: { at: place('Zone by its type, as `hanbus scan` lists it.') },
  points,
  every: '10s',
  example: { at: 'thermal:cpu-thermal' },
  open: async ({ at }, { ports: { files } }) =>
    await openFolder({
      files,
      at,
      places: async () => await thermalZones(files),
      channels: async () => [
        {
          name: 'temperature',
          spec: points.temperature,
          read: async (folder, signal) => await sampleIn(files, `${folder}/temp`, { scale: 1e-3, decimals: 1 }, signal),
        },
      ],
    }),
});
