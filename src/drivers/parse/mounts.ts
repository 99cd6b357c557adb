import type { FilesPort } from '../ports/ports.ts';

/** One line of /proc/self/mountinfo. */
export interface Mount {
  /** Major and minor number of its device: `179:2`; major 0 for file systems without one. */
  readonly device: string;
  /** What of the file system is mounted: `/`, or a part of it for bind mounts and subvolumes. */
  readonly part: string;
  readonly point: string;
  /** `ext4`, `vfat`, `overlay` ... */
  readonly type: string;
  /** `/dev/mmcblk0p2`, `nas.lan:/volume1` ... */
  readonly source: string;
  /** Undefined where the kernel does not show the mount. */
  readonly readOnly: boolean | undefined;
}

/** The root of a chroot is no mount of its own, so the kernel does not list it; programs use it all the same. */
const CHROOT: Mount = { device: '0:0', part: '/', point: '/', type: 'chroot', source: 'chroot', readOnly: undefined };

/** What is mounted where, in the order of mounting. Source: proc_pid_mountinfo(5). */
export async function mountsOf(files: FilesPort, signal?: AbortSignal): Promise<readonly Mount[]> {
  const lines = (await files.text('/proc/self/mountinfo', signal)).split('\n');
  const mounts = lines.map(parseMount).filter((mount) => mount !== undefined);
  const isChroot = mounts.length > 0 && !mounts.some(({ point }) => point === '/');
  return isChroot ? [CHROOT, ...mounts] : mounts;
}

/** What is mounted on `point` now: the last one, when several lie on top of each other. */
export async function mountAt(files: FilesPort, point: string, signal?: AbortSignal): Promise<Mount | undefined> {
  return (await mountsOf(files, signal)).findLast((mount) => mount.point === point);
}

function parseMount(line: string): Mount | undefined {
  const [left = '', right = ''] = line.split(' - ');
  const [, , device = '', part = '', point = '', options = ''] = left.split(' ');
  const [type = '', source = '', superOptions = ''] = right.split(' ');
  if (!/^\d+:\d+$/.test(device) || !point.startsWith('/') || type === '') return undefined;
  const readOnly = [options, superOptions].some((words) => words.split(',').includes('ro'));
  return { device, part: plain(part), point: plain(point), type, source: plain(source), readOnly };
}

/** The kernel writes space, tab, newline and backslash as three octal digits. */
function plain(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_all, digits) => String.fromCharCode(Number.parseInt(digits, 8)));
}
