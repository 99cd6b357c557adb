import { attribute } from '../drivers/parse/attribute.ts';
import type { Mount } from '../drivers/parse/mounts.ts';
import type { FilesPort } from '../drivers/ports/ports.ts';

/** Best first: what stays the same when the disk moves to another port. */
const kinds = ['uuid', 'partuuid'] as const;

/** Answers the identity of what is mounted: by UUID, partition UUID, serial number of the disk, or else its source. */
export async function makeDiskIdentity(files: FilesPort): Promise<(mount: Mount) => Promise<string>> {
  const known = new Map<string, string>();
  for (const kind of kinds) {
    const folder = `/dev/disk/by-${kind}`;
    for (const id of await files.list(folder)) {
      const device = await files.link(`${folder}/${id}`);
      if (device !== undefined && !known.has(device)) known.set(device, `disk:${kind}/${id}`);
    }
  }
  return async ({ device, source, part, type }) => {
    const place = await files.link(`/sys/dev/block/${device}`);
    const node = place === undefined ? source : `/dev/${place.slice(place.lastIndexOf('/') + 1)}`;
    const id = known.get(node) ?? known.get((await files.link(source)) ?? '') ?? (await serialOf(files, place));
    return id ?? (source.startsWith('/') ? `disk:${source.replace(/^\/dev\//, '')}` : `disk:${type}${part}`);
  };
}

/** The serial number of the disk that the partition is on, with the partition behind it. */
async function serialOf(files: FilesPort, place: string | undefined): Promise<string | undefined> {
  if (place === undefined) return undefined;
  const isPartition = await files.exists(`${place}/partition`);
  const disk = isPartition ? place.slice(0, place.lastIndexOf('/')) : place;
  const serial = (await attribute(files, `${disk}/device/serial`)) ?? (await attribute(files, `${disk}/serial`));
  if (serial === undefined || !/^[\x21-\x7e]{4,64}$/.test(serial)) return undefined;
  const number = isPartition ? `-${await attribute(files, `${place}/partition`)}` : '';
  return `disk:serial/${serial}${number}`;
}
