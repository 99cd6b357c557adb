import { place } from '../../schemes/fields.ts';
import { defineInput } from '../driver.ts';
import { openFolder } from '../parse/folder-input.ts';
import { iioChannels } from '../parse/iio-channels.ts';
import { iioDevices } from '../parse/iio-devices.ts';

/** Source: Documentation/ABI/testing/sysfs-bus-iio. */
export const driver = defineInput({
  kind: 'iio',
  summary: 'Sensors and converters with a kernel IIO driver: climate, light, motion, gas, analogue inputs.',
  options: { at: place('Device by bus place and name, as `hanbus scan` lists it.') },
  points: 'found',
  every: '10s',
  example: { at: 'iio:i2c-1:0x76/bme280' },
  open: async ({ at }, { ports: { files } }) =>
    await openFolder({
      files,
      at,
      places: async () => await iioDevices(files),
      channels: async (folder) => await iioChannels(files, folder),
    }),
});
