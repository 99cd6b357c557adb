import { place } from '../../schemes/fields.ts';
import { defineInput } from '../driver.ts';
import { openFolder } from '../parse/folder-input.ts';
import { backlights, brightness } from '../parse/lights.ts';

const points = {
  brightness: { type: 'number', unit: '%', range: [0, 100], decimals: 0 },
  power: { type: 'boolean', about: 'the screen is lit' },
} as const;

/** Source: Documentation/ABI/stable/sysfs-class-backlight. Reads only. */
export const driver = defineInput({
  kind: 'backlight',
  summary: 'Brightness of a screen and whether it is lit.',
  options: { at: place('Screen light by its name, as `hanbus scan` lists it.') },
  points,
  every: '10s',
  example: { at: 'backlight:10-0045' },
  open: async ({ at }, { ports: { files } }) =>
    await openFolder({
      files,
      at,
      places: async () => await backlights(files),
      channels: async (folder) => {
        const actual = (await files.exists(`${folder}/actual_brightness`)) ? 'actual_brightness' : 'brightness';
        return [
          {
            name: 'brightness',
            spec: points.brightness,
            read: async (where, signal) => await brightness(files, where, signal, actual),
          },
          {
            name: 'power',
            spec: points.power,
            // FB_BLANK: 0 is lit, 4 is off, 1 to 3 are steps between.
            read: async (where, signal) => (await files.text(`${where}/bl_power`, signal)).trim() === '0',
          },
        ];
      },
    }),
});
