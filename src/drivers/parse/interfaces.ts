import type { FilesPort } from '../ports/ports.ts';
import { attribute, numberIn } from './attribute.ts';

const folder = '/sys/class/net';

/** A network interface as the kernel shows it. Source: Documentation/ABI/testing/sysfs-class-net. */
export interface Interface {
  readonly name: string;
  readonly folder: string;
  /** A real device stands behind it: not a bridge, tunnel or container. */
  readonly isPhysical: boolean;
  readonly isWifi: boolean;
}

/** The interface, or undefined when it is not there. */
export async function interfaceOf(files: FilesPort, name: string): Promise<Interface | undefined> {
  const place = `${folder}/${name}`;
  const parts = name.includes('/') || name === '..' ? [] : await files.list(place);
  if (parts.length === 0) return undefined;
  return {
    name,
    folder: place,
    isPhysical: parts.includes('device'),
    isWifi: parts.includes('phy80211') || parts.includes('wireless'),
  };
}

/** All interfaces but the loopback, by name. */
export async function interfacesOf(files: FilesPort): Promise<readonly Interface[]> {
  const all = await Promise.all((await files.list(folder)).map(async (name) => await interfaceOf(files, name)));
  return all.filter((one): one is Interface => one !== undefined && one.name !== 'lo');
}

const DOWN: readonly (string | undefined)[] = ['down', 'dormant', 'lowerlayerdown', 'notpresent'];

/** True when a cable or an access point is connected; undefined when the kernel does not know, or talks nonsense. */
export async function linkOf(
  files: FilesPort,
  { folder: place }: Interface,
  signal?: AbortSignal,
): Promise<boolean | undefined> {
  const carrier = await attribute(files, `${place}/carrier`, signal);
  if (carrier !== undefined) return carrier === '0' || carrier === '1' ? carrier === '1' : undefined;
  // An interface that is switched off refuses to tell its carrier, but not its state.
  return DOWN.includes(await attribute(files, `${place}/operstate`, signal)) ? false : undefined;
}

export interface Traffic {
  /** Bytes since the interface came up. */
  readonly received: number | undefined;
  readonly sent: number | undefined;
  readonly errors: number | undefined;
}

/** Counters of one interface from /proc/net/dev. Source: proc_pid_net(5). */
export async function trafficOf(files: FilesPort, name: string, signal?: AbortSignal): Promise<Traffic | undefined> {
  const fields = fieldsOf(await files.text('/proc/net/dev', signal), name);
  if (fields === undefined) return undefined;
  const [received, , receiveErrors] = fields.map(numberIn);
  const [sent, , sendErrors] = fields.slice(8).map(numberIn);
  const isKnown = receiveErrors !== undefined && sendErrors !== undefined;
  return { received, sent, errors: isKnown ? receiveErrors + sendErrors : undefined };
}

export interface Signal {
  /** dBm. */
  readonly level: number | undefined;
  /** %. */
  readonly quality: number | undefined;
}

/** Old drivers give the level as an unsigned byte. */
const WRAP = 256;
/** The quality counts to this in every driver that uses the kernel's cfg80211. */
const BEST_QUALITY = 70;

/** Strength of a Wi-Fi connection from /proc/net/wireless; undefined while there is none. */
export async function signalOf(files: FilesPort, name: string, signal?: AbortSignal): Promise<Signal | undefined> {
  const text = await attribute(files, '/proc/net/wireless', signal);
  const fields = text === undefined ? undefined : fieldsOf(text, name);
  if (fields === undefined) return undefined;
  const [, quality, level] = fields.map((field) => numberIn(field.replace(/\.$/, '')));
  return {
    level: level !== undefined && level > 0 && level < WRAP ? level - WRAP : level,
    quality: quality === undefined ? undefined : (100 * quality) / BEST_QUALITY,
  };
}

function fieldsOf(text: string, name: string): readonly string[] | undefined {
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0 && line.slice(0, colon).trim() === name)
      return line
        .slice(colon + 1)
        .trim()
        .split(/\s+/);
  }
  return undefined;
}
