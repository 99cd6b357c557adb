import { parseIioFile } from '../drivers/parse/iio-channels.ts';
import { type IioDevice, iioDevices } from '../drivers/parse/iio-devices.ts';
import type { Found, Seen } from '../schemes/found.ts';
import { nameFrom } from '../schemes/names.ts';
import type { Agent } from './agent.ts';
import { groupOf, named } from './grouping.ts';
import { unread } from './unread.ts';

const BUS = '/sys/bus/iio/devices';

export const agent: Agent = {
  name: 'iio',
  summary: 'Industrial I/O: climate, light, motion and gas sensors, converters with a kernel driver.',
  async interrogate({ ports: { files } }) {
    const devices = await iioDevices(files);
    const found: Found[] = [];
    const seen: Seen[] = [];
    for (const device of devices) {
      const hasInput = (await files.list(device.folder)).some((file) => parseIioFile(file) !== undefined);
      if (hasInput) found.push(foundOf(device));
      else {
        const why = 'it has no input channel of a known type: an output, a trigger, or a sensor for events only';
        seen.push({ group: groupOf(device.place), what: `IIO device ${device.name}`, source: device.folder, why });
      }
    }
    const known = new Set(devices.map(({ folder }) => folder));
    const question = { group: 'board', folder: BUS, entry: /^iio:device\d+$/, file: 'name', known };
    return { found: named(found), seen: [...seen, ...(await unread(files, question))] };
  },
};

function foundOf({ name, place, at, folder }: IioDevice): Found {
  return {
    kind: 'iio',
    name: nameFrom(name.replace(/@.*$/, '')),
    at,
    group: groupOf(place),
    options: { at },
    certainty: 'sure',
    provenance: { source: folder, why: `the kernel has an IIO driver for ${name}` },
    about: place === undefined || name.includes('@') ? name : `${name} at ${place}`,
  };
}
