import { attribute } from '../drivers/parse/attribute.ts';
import { type Interface, interfacesOf } from '../drivers/parse/interfaces.ts';
import { sysfsPlace } from '../drivers/parse/sysfs-place.ts';
import type { FilesPort } from '../drivers/ports/ports.ts';
import type { Found, Seen } from '../schemes/found.ts';
import { nameFrom } from '../schemes/names.ts';
import type { Agent } from './agent.ts';
import { byName, named } from './grouping.ts';

interface Card extends Found {
  readonly options: { readonly interface: string };
}

/** Addresses that no card was born with: nothing, everything, or more than one receiver. */
const noMac = /^(?:00:00:00:00:00:00$|ff:ff|.[13579bdf]:)/;

export const agent: Agent = {
  name: 'network',
  summary: 'Network interfaces with a cable or an antenna.',
  hotPlug: true,
  async interrogate({ ports: { files } }) {
    const all = await interfacesOf(files);
    const physical = all.filter(({ isPhysical }) => isPhysical);
    const found = await Promise.all(physical.map(async (one) => foundOf(one, await identityOf(files, one))));
    const virtual = all.filter(({ isPhysical }) => !isPhysical);
    return { found: byName(named(withoutTwins(found))), seen: virtual.length === 0 ? [] : [virtualSeen(virtual)] };
  },
};

/** The address that the card was born with; else the port it is plugged into; else its name. */
async function identityOf(files: FilesPort, { name, folder }: Interface): Promise<string> {
  const [mac, assigned, device] = await Promise.all([
    attribute(files, `${folder}/address`),
    attribute(files, `${folder}/addr_assign_type`),
    files.link(`${folder}/device`),
  ]);
  const isBorn = assigned === undefined || assigned === '0';
  if (isBorn && mac !== undefined && /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac) && !noMac.test(mac))
    return `net:${mac}`;
  return `net:${(device === undefined ? undefined : sysfsPlace(device)) ?? name}`;
}

function withoutTwins(found: readonly Card[]): readonly Card[] {
  const counts = new Map<string, number>();
  for (const { at } of found) counts.set(at, (counts.get(at) ?? 0) + 1);
  const isTwin = ({ at }: Card) => (counts.get(at) ?? 0) > 1;
  return found.map((device) =>
    isTwin(device) ? { ...device, at: `${device.at}/${device.options.interface}` } : device,
  );
}

function foundOf({ name, folder, isWifi }: Interface, at: string): Card {
  return {
    kind: 'network',
    name: nameFrom(name),
    at,
    group: 'board',
    options: { interface: name },
    certainty: 'sure',
    provenance: { source: folder, why: 'a real device stands behind the interface' },
    about: isWifi ? 'Wi-Fi' : 'Ethernet',
  };
}

function virtualSeen(virtual: readonly Interface[]): Seen {
  const names = virtual.map(({ name }) => name);
  const shown = names.length > 5 ? `${names.slice(0, 4).join(', ')} and ${names.length - 4} more` : names.join(', ');
  return {
    group: 'board',
    what: `virtual networks: ${shown}`,
    source: '/sys/class/net',
    why: `bridges, tunnels and containers; to watch one, write {kind: network, interface: ${names[0]}} under devices`,
  };
}
