import { describe, expect, test } from 'vitest';
import { agent as network } from '../../src/harvest/network.ts';
import { treePorts } from '../fakes/tree-ports.ts';
import { ask, places } from './ask.ts';

describe('network agent', () => {
  test('finds what has a plug or an antenna, and says what it leaves', async () => {
    const { found, seen } = await ask(network, treePorts('x86-laptop'));
    expect(found.map(({ name, at, about }) => [name, at, about])).toEqual([
      ['enp0s31f6', 'net:54:e1:ad:00:00:01', 'Ethernet'],
      ['enx00e04c000001', 'net:00:e0:4c:00:00:01', 'Ethernet'],
      ['wlp2s0', 'net:7c:2a:31:00:00:01', 'Wi-Fi'],
    ]);
    expect(seen).toMatchObject([{ what: 'virtual networks: docker0, veth12ab34c, wg0' }]);
  });

  test('two cards that change their kernel names keep their identities', async () => {
    const ports = treePorts('pi4');
    const eth0 = (await ports.files.link('/sys/class/net/eth0')) ?? '';
    ports.files.point('/sys/class/net/eth1', '../../devices/usb/1-1/net/eth1');
    for (const [name, text] of [
      ['address', '00:e0:4c:00:00:09'],
      ['addr_assign_type', '0'],
      ['carrier', '1'],
    ] as const) {
      ports.files.set(`/sys/devices/usb/1-1/net/eth1/${name}`, `${text}\n`);
    }
    ports.files.point('/sys/devices/usb/1-1/net/eth1/device', '../../../1-1');
    const before = (await ask(network, ports)).found;
    expect(before.map(({ at }) => at)).toEqual([
      'net:dc:a6:32:00:00:01',
      'net:00:e0:4c:00:00:09',
      'net:dc:a6:32:00:00:02',
    ]);
    ports.files.point('/sys/class/net/eth1', eth0);
    ports.files.point('/sys/class/net/eth0', '../../devices/usb/1-1/net/eth1');
    const after = (await ask(network, ports)).found;
    const byPlace = (found: typeof before) => new Map(found.map(({ at, options }) => [at, options.interface]));
    expect([...byPlace(after).keys()].sort()).toEqual([...byPlace(before).keys()].sort());
    expect(byPlace(before).get('net:00:e0:4c:00:00:09')).toBe('eth1');
    expect(byPlace(after).get('net:00:e0:4c:00:00:09')).toBe('eth0');
  });

  test('a card with an invented address is known by its port', async () => {
    const ports = treePorts('x86-laptop');
    ports.files.set('/sys/class/net/enx00e04c000001/addr_assign_type', '1\n');
    ports.files.set('/sys/class/net/enx00e04c000001/address', '7e:11:22:33:44:55\n');
    expect(await places(network, ports)).toContainEqual(['enx00e04c000001', 'net:usb/1-2']);
  });
});
