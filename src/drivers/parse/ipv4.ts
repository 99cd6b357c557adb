import type { FilesPort } from '../ports/ports.ts';
import { attribute } from './attribute.ts';

interface Subnet {
  readonly interface: string;
  readonly network: number;
  readonly mask: number;
}

/**
 * The first IPv4 address of an interface, empty when it has none. The kernel lists its own addresses in one file and
 * the subnets of the interfaces in another, so it is the address of ours that lies in a subnet of this interface.
 * Undefined when that cannot be told: cable and Wi-Fi in the same subnet.
 */
export async function addressOf(files: FilesPort, name: string, signal?: AbortSignal): Promise<string | undefined> {
  const routes = await attribute(files, '/proc/net/route', signal);
  if (routes === undefined) return undefined;
  const subnets = subnetsIn(routes);
  const own = subnets.filter((subnet) => subnet.interface === name);
  if (own.length === 0) return '';
  if (own.every((subnet) => isShared(subnet, subnets))) return undefined;
  const trie = await attribute(files, '/proc/net/fib_trie', signal);
  if (trie === undefined) return undefined;
  return ownAddresses(trie).find((address) =>
    own.some((subnet) => !isShared(subnet, subnets) && isIn(address, subnet)),
  );
}

function isShared({ interface: name, network }: Subnet, all: readonly Subnet[]): boolean {
  return all.some((other) => other.interface !== name && other.network === network);
}

function isIn(address: string, { network, mask }: Subnet): boolean {
  return (numberOf(address) & mask) >>> 0 === network;
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
