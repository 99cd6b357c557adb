import type { FilesPort } from '../ports/ports.ts';
import { attribute } from './attribute.ts';

interface Subnet {
  readonly interface: string;
  readonly network: number;
  readonly mask: number;
}

/**
 * The first IPv4 address of an interface. The kernel lists its own addresses in one file and the subnets of the
 * interfaces in another, so the address is the one of ours that lies in a subnet of this interface alone.
 */
export async function addressOf(files: FilesPort, name: string, signal?: AbortSignal): Promise<string | undefined> {
  const [trie, routes] = [
    await attribute(files, '/proc/net/fib_trie', signal),
    await attribute(files, '/proc/net/route', signal),
  ];
  if (trie === undefined || routes === undefined) return undefined;
  const subnets = subnetsIn(routes);
  return ownAddresses(trie).find((address) => {
    const number = numberOf(address);
    const homes = subnets.filter(({ network, mask }) => (number & mask) >>> 0 === network);
    return homes.length > 0 && homes.every((subnet) => subnet.interface === name);
  });
}

/** Routes without a gateway: the subnets that an interface is in. The kernel prints the numbers in its own byte order. */
function subnetsIn(routes: string): readonly Subnet[] {
  return routes.split('\n').flatMap((line) => {
    const [name = '', network = '', gateway = '', , , , , mask = ''] = line.trim().split(/\s+/);
    const isSubnet = /^[0-9A-F]{8}$/.test(network) && gateway === '00000000' && /^(?!0{8})[0-9A-F]{8}$/.test(mask);
    return isSubnet ? [{ interface: name, network: swapped(network), mask: swapped(mask) }] : [];
  });
}

function ownAddresses(trie: string): readonly string[] {
  const found = [...trie.matchAll(/\|-- (\d{1,3}(?:\.\d{1,3}){3})\n\s+\/32 host LOCAL/g)].map(
    ([, address = '']) => address,
  );
  return [...new Set(found)].filter((address) => !address.startsWith('127.'));
}

function swapped(hex: string): number {
  const [a = '', b = '', c = '', d = ''] = hex.match(/../g) ?? [];
  return Number.parseInt(`${d}${c}${b}${a}`, 16);
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
