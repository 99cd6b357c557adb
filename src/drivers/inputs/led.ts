import { place } from '../../schemes/fields.ts';
import { defineInput } from '../driver.ts';
import { openFolder } from '../parse/folder-input.ts';
import { brightness, leds } from '../parse/lights.ts';

const points = {
  brightness: { type: 'number', unit: '%', range: [0, 100], decimals: 0, diagnostic: true },
  trigger: { type: 'text', about: 'what the kernel lets it show: heartbeat, mmc0, none ...', diagnostic: true },
} as const;

/** Source: Documentation/ABI/testing/sysfs-class-led. Reads only. */
export const driver = defineInput({
  kind: 'led',
  summary: 'Brightness and trigger of a light that the kernel drives.',
  options: { at: place('Light by its name, as `hanbus scan` lists it.') },
  points,
  every: '30s',
  example: { at: 'led:ACT' },
  open: async ({ at }, { ports: { files } }) =>
    await openFolder({
      files,
      at,
      places: async () => await leds(files),
      channels: async (folder) => [
        {
          name: 'brightness',
          spec: points.brightness,
          read: async (where, signal) => await brightness(files, where, signal),
        },
        ...((await files.exists(`${folder}/trigger`))
          ? [
              {
                name: 'trigger',
                spec: points.trigger,
                // `none [heartbeat] mmc0`: the one in brackets works.
                read: async (where: string, signal: AbortSignal) =>
                  /\[([^\]]+)\]/.exec(await files.text(`${where}/trigger`, signal))?.[1] ?? 'none',
              },
            ]
          : []),
      ],
    }),
});
