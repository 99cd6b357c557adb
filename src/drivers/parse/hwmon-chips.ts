import type { FilesPort } from '../ports/ports.ts';
import { labelAttribute } from './attribute.ts';
import type { Place } from './folder-input.ts';
import { sysfsPlace } from './sysfs-place.ts';

const CLASS = '/sys/class/hwmon';

export interface HwmonChip extends Place {
  /** As the kernel says it: `coretemp`, `nvme`. */
  readonly name: string;
  /** The real path of its folder. */
  readonly real: string;
}

/** All hwmon chips. The place on the bus is the identity; the chip's name is added where one place has several. */
export async function hwmonChips(files: FilesPort): Promise<readonly HwmonChip[]> {
  const chips: { folder: string; real: string; name: string; place: string }[] = [];
  for (const entry of await files.list(CLASS)) {
    const folder = `${CLASS}/${entry}`;
    const name = await labelAttribute(files, `${folder}/name`);
    const real = await files.link(folder);
    if (name === undefined || real === undefined) continue;
    chips.push({ folder, real, name, place: sysfsPlace(real) ?? name });
  }
  return chips.map(({ place, ...chip }) => {
    const isAlone = chips.filter((other) => other.place === place).length === 1;
    return { ...chip, at: `hwmon:${place}${isAlone ? '' : `/${chip.name}`}` };
  });
}
