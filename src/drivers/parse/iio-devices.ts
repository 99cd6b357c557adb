import type { FilesPort } from '../ports/ports.ts';
import { labelAttribute } from './attribute.ts';
import type { Place } from './folder-input.ts';
import { sysfsPlace } from './sysfs-place.ts';

const BUS = '/sys/bus/iio/devices';

export interface IioDevice extends Place {
  /** As the kernel says it: `bme280`. */
  readonly name: string;
  /** `i2c-1:0x76`; undefined for a device without a bus. */
  readonly place: string | undefined;
}

/** All IIO devices. Place on the bus and name are the identity; one chip can be two devices (accelerometer and gyro). */
export async function iioDevices(files: FilesPort): Promise<readonly IioDevice[]> {
  const devices: IioDevice[] = [];
  for (const entry of await files.list(BUS)) {
    if (!/^iio:device\d+$/.test(entry)) continue;
    const folder = `${BUS}/${entry}`;
    const name = await labelAttribute(files, `${folder}/name`);
    const real = await files.link(folder);
    if (name === undefined || real === undefined) continue;
    const place = sysfsPlace(real);
    devices.push({ folder, name, place, at: `iio:${place === undefined ? '' : `${place}/`}${name}` });
  }
  return devices;
}
