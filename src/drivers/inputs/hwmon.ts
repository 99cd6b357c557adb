import { place } from '../../schemes/fields.ts';
import { defineInput } from '../driver.ts';
import { openFolder } from '../parse/folder-input.ts';
import { hwmonChannels } from '../parse/hwmon-channels.ts';
import { hwmonChips } from '../parse/hwmon-chips.ts';

/** Source: Documentation/hwmon/sysfs-interface.rst. */
export const driver = defineInput({
  kind: 'hwmon',
  summary: 'Temperatures, voltages, fans, currents and powers of a chip with a kernel hwmon driver.',
  options: { at: place('Chip by its place on the bus, as `hanbus scan` lists it.') },
  points: 'found',
  every: '10s',
  example: { at: 'hwmon:platform/coretemp.0' },
  open: async ({ at }, { ports: { files } }) =>
    await openFolder({
      files,
      at,
      places: async () => await hwmonChips(files),
      channels: async (folder) => await hwmonChannels(files, folder),
    }),
});
