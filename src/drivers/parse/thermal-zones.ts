import type { FilesPort } from '../ports/ports.ts';
import { labelAttribute } from './attribute.ts';
import type { Place } from './folder-input.ts';
import { sysfsPlace } from './sysfs-place.ts';

const CLASS = '/sys/class/thermal';

export interface ThermalZone extends Place {
  /** As the kernel says it: `cpu-thermal`, `acpitz`. */
  readonly type: string;
}

/**
 * All thermal zones. The type is the identity; where two have the same type their device is added, and their order
 * when they have none.
 */
export async function thermalZones(files: FilesPort): Promise<readonly ThermalZone[]> {
  const zones: { folder: string; type: string; key: string; device: string | undefined }[] = [];
  for (const name of await files.list(CLASS)) {
    if (!/^thermal_zone\d+$/.test(name)) continue;
    const folder = `${CLASS}/${name}`;
    const type = await labelAttribute(files, `${folder}/type`);
    if (type === undefined) continue;
    const device = await files.link(`${folder}/device`);
    // The Wi-Fi driver counts its zones: iwlwifi_1 is iwlwifi_2 after the next start.
    const key = type.replace(/^(iwlwifi)_\d+$/, '$1').replace(/\s+/g, '_');
    zones.push({ folder, type, key, device: device === undefined ? undefined : sysfsPlace(device) });
  }
  zones.sort((a, b) => numberOf(a.folder) - numberOf(b.folder));
  return zones.map((zone) => {
    const alike = zones.filter(({ key }) => key === zone.key);
    return {
      folder: zone.folder,
      type: zone.type,
      at: `thermal:${zone.key}${alike.length > 1 ? mark(zone, alike) : ''}`,
    };
  });
}

function mark<Z extends { readonly device: string | undefined }>(zone: Z, alike: readonly Z[]): string {
  const isOwn = alike.filter(({ device }) => device === zone.device).length === 1;
  return isOwn && zone.device !== undefined ? `/${zone.device}` : `/${alike.indexOf(zone) + 1}`;
}

function numberOf(folder: string): number {
  return Number(/\d+$/.exec(folder)?.[0] ?? 0);
}
