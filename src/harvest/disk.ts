import { type Mount, mountsOf } from '../drivers/parse/mounts.ts';
import type { FilesPort } from '../drivers/ports/ports.ts';
import { reasonOf, Unavailable } from '../kit/errors.ts';
import type { Found, Seen } from '../schemes/found.ts';
import { nameFrom } from '../schemes/names.ts';
import type { Agent } from './agent.ts';
import { makeDiskIdentity } from './disk-identity.ts';
import { byName, named } from './grouping.ts';

const source = '/proc/self/mountinfo';
const networkTypes = /^(?:9p|afs|ceph|cifs|fuse\.(?:sshfs|rclone|glusterfs)|nfs4?|smb3|virtiofs)$/;

interface Disk extends Found {
  readonly options: { readonly mount: string };
}

/** File systems that are on a real disk, each once; whatever the root is. */
export const agent: Agent = {
  name: 'disk',
  summary: 'Mounted disks, cards and sticks: space and traffic.',
  hotPlug: true,
  async interrogate({ ports: { files } }) {
    const mounts = await mountsOrReason(files);
    if ('why' in mounts) return { found: [], seen: [mounts] };
    const identity = await makeDiskIdentity(files);
    const found = await Promise.all(distinct(mounts).map(async (mount) => foundOf(mount, await identity(mount))));
    const seen = mounts.filter(({ type }) => networkTypes.test(type)).map(networkSeen);
    return { found: byName(named(withoutTwins(found))), seen };
  },
};

async function mountsOrReason(files: FilesPort): Promise<readonly Mount[] | Seen> {
  try {
    return await mountsOf(files);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    return { group: 'board', what: 'no disks', source, why: reasonOf(error), code: error.code };
  }
}

/** One mount for each disk: the root where it is one, else the shortest path. Bind mounts of a part do not count. */
function distinct(mounts: readonly Mount[]): readonly Mount[] {
  const best = new Map<string, Mount>();
  const shortestFirst = [...mounts].sort((a, b) => a.point.length - b.point.length || (a.point < b.point ? -1 : 1));
  for (const mount of shortestFirst) {
    const key = mount.source.startsWith('/dev/') ? mount.device : mount.point;
    if (isDisk(mount) && !best.has(key)) best.set(key, mount);
  }
  return [...best.values()];
}

function isDisk({ point, type, source: from, part }: Mount): boolean {
  if (point === '/') return true;
  const isImage = from.startsWith('/dev/loop') || type === 'squashfs';
  const isWhole = part === '/' || type === 'btrfs';
  return (from.startsWith('/dev/') || type === 'zfs') && !isImage && isWhole;
}

/** A disk that says the identity of another one (a copied card) is told apart by its mount point. */
function withoutTwins(found: readonly Disk[]): readonly Disk[] {
  const isTwin = ({ at }: Disk, index: number) => found.findIndex((other) => other.at === at) < index;
  return found.map((device, index) =>
    isTwin(device, index) ? { ...device, at: `${device.at}/${device.options.mount}` } : device,
  );
}

function foundOf({ point, type, source: from }: Mount, at: string): Disk {
  return {
    kind: 'disk',
    name: nameOf(point),
    at,
    group: 'board',
    options: { mount: point },
    certainty: 'sure',
    provenance: { source, why: point === '/' ? 'it is the root of this system' : `${from} is mounted there` },
    about: `${type} on ${point}`,
  };
}

/** `disk` for the root; others by their mount point, without the folders in which every desktop mounts. */
function nameOf(point: string): string {
  if (point === '/') return 'disk';
  return nameFrom(`disk_${point.replace(/^(?:\/run)?\/media\/(?:[^/]+\/)?|^\/mnt\//, '')}`);
}

function networkSeen({ point, type }: Mount): Seen {
  return {
    group: 'board',
    what: `network disk on ${point} (${type})`,
    source,
    why: `it belongs to another machine and can hang; to watch it, write {kind: disk, mount: ${JSON.stringify(point)}} under devices`,
  };
}
