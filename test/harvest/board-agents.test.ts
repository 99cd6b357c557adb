import { describe, expect, test } from 'vitest';
import type { Agent } from '../../src/harvest/agent.ts';
import { agent as board } from '../../src/harvest/board.ts';
import { agent as clock } from '../../src/harvest/clock.ts';
import { agent as disk } from '../../src/harvest/disk.ts';
import { agent as network } from '../../src/harvest/network.ts';
import { agent as power } from '../../src/harvest/power.ts';
import { agent as services } from '../../src/harvest/services.ts';
import { isName } from '../../src/schemes/names.ts';
import { inTime } from '../contracts/input-driver.ts';
import { makeFakeLog } from '../fakes/log.ts';
import { boardNames } from '../fakes/tree-format.ts';
import { type TreePorts, treePorts } from '../fakes/tree-ports.ts';

const agents = [board, clock, disk, network, power, services];
const ask = async (agent: Agent, ports: TreePorts) =>
  await inTime(async () => await agent.interrogate({ ports, log: makeFakeLog().log }));
const places = async (agent: Agent, ports: TreePorts) =>
  (await ask(agent, ports)).found.map(({ name, at }) => [name, at]);

describe('every agent of the board', () => {
  test.each(boardNames().flatMap((name) => agents.map((agent) => [name, agent.name, agent] as const)))(
    'answers on %s: %s',
    async (name, _agent, agent) => {
      const { found, seen } = await ask(agent, treePorts(name));
      for (const { name: device, at, about, provenance } of found) {
        expect([device, isName(device)]).toEqual([device, true]);
        expect([at, about, provenance.source, provenance.why].map((text) => (text ?? '').length > 0)).toEqual(
          Array(4).fill(true),
        );
      }
      expect(new Set(found.map(({ at }) => at)).size).toBe(found.length);
      expect(new Set(found.map(({ name: device }) => device)).size).toBe(found.length);
      for (const { what, source, why } of seen) expect([what, source, why]).not.toContain('');
    },
  );

  test.each(boardNames())('finds the same on %s again', async (name) => {
    for (const agent of agents) {
      expect(await ask(agent, treePorts(name))).toEqual(await ask(agent, treePorts(name)));
    }
  });

  test.each(agents.map((agent) => [agent.name, agent] as const))(
    '%s does not throw on an empty system',
    async (_n, agent) => {
      const ports = treePorts('pi4');
      for (const folder of ['/proc', '/sys', '/dev', '/run']) ports.files.remove(folder);
      expect((await ask(agent, ports)).found).toEqual([]);
    },
  );
});

describe('board agent', () => {
  test('there is one board, and load is its point', async () => {
    expect((await ask(board, treePorts('pi4'))).found).toMatchObject([
      { kind: 'board', name: 'board', at: 'board', options: {}, about: 'Raspberry Pi 4 Model B Rev 1.4' },
    ]);
  });
});

describe('clock agent', () => {
  test('says nothing when all is well, and what to do when not', async () => {
    expect(await ask(clock, treePorts('pi4'))).toEqual({ found: [], seen: [] });
    const ports = treePorts('pi4');
    ports.files.remove('/run/systemd/timesync/synchronized');
    ports.files.set('/run/systemd/timesync/clock', '');
    const process = treePorts('bare-vm').process;
    const unsynced = { ...ports, timeSync: { state: async () => ({ synced: false, source: 'kernel' }) }, process };
    expect((await ask(clock, unsynced)).seen).toMatchObject([
      { group: 'clock', what: 'not synchronised', code: 'HB112', fix: 'sudo timedatectl set-ntp true' },
    ]);
  });
});

describe('disk agent', () => {
  test('finds the card of a Pi by its UUIDs', async () => {
    expect(await places(disk, treePorts('pi4'))).toEqual([
      ['disk', 'disk:uuid/3b614a3f-4a65-4480-876a-8a998e01ac9b'],
      ['disk_boot_firmware', 'disk:uuid/4EF5-6F55'],
    ]);
  });

  test('finds the root that an old image calls /dev/root', async () => {
    expect(await places(disk, treePorts('pi3'))).toEqual([
      ['disk', 'disk:uuid/056cb8a1-29ac-44c6-9a87-4c8d0dd4b0bb'],
      ['disk_boot', 'disk:uuid/E2F4-8A11'],
    ]);
  });

  test('counts subvolumes, bind mounts, images and containers once or not at all', async () => {
    const { found, seen } = await ask(disk, treePorts('x86-laptop'));
    expect(found.map(({ name, options }) => [name, options.mount])).toEqual([
      ['disk', '/'],
      ['disk_boot_efi', '/boot/efi'],
      ['disk_holiday_photos', '/media/ann/HOLIDAY PHOTOS'],
    ]);
    expect(seen).toMatchObject([{ what: 'network disk on /mnt/nas (nfs4)' }]);
  });

  test('the root of a container is a disk', async () => {
    const ports = treePorts('bare-vm');
    const lines = [
      '1 0 0:44 / / rw - overlay overlay rw,lowerdir=/l',
      '2 1 254:0 /var/lib/docker/hosts /etc/hosts rw - ext4 /dev/vda rw',
    ];
    ports.files.set('/proc/self/mountinfo', lines.join('\n'));
    expect(await places(disk, ports)).toEqual([['disk', 'disk:overlay/']]);
  });

  test('a stick keeps its identity in another port, under another kernel name', async () => {
    const before = await places(disk, treePorts('x86-laptop'));
    const ports = treePorts('x86-laptop');
    const mounts = await ports.files.text('/proc/self/mountinfo');
    const moved = mounts.replace('8:1 / /media', '8:17 / /media').replace('/dev/sda1', '/dev/sdb1');
    ports.files.set('/proc/self/mountinfo', moved.split('\n').reverse().join('\n'));
    ports.files.remove('/sys/dev/block/8:1');
    ports.files.point('/sys/dev/block/8:17', '../../devices/pci0000:00/usb9/block/sdb/sdb1');
    ports.files.set('/sys/devices/pci0000:00/usb9/block/sdb/sdb1/partition', '1');
    ports.files.set('/dev/sdb1', '');
    ports.files.point('/dev/disk/by-partuuid/0f0f0f0f-01', '../../sdb1');
    expect(await places(disk, ports)).toEqual(before);
  });

  test('a disk without UUIDs is known by its serial number', async () => {
    const ports = treePorts('pi4');
    ports.files.remove('/dev/disk');
    const card = (await ports.files.link('/sys/dev/block/179:2'))?.replace(/\/[^/]+$/, '') ?? '';
    ports.files.set(`${card}/device/serial`, '0x1234abcd\n');
    ports.files.set(`${card}/mmcblk0p2/partition`, '2\n');
    ports.files.set(`${card}/mmcblk0p1/partition`, '1\n');
    expect(await places(disk, ports)).toEqual([
      ['disk', 'disk:serial/0x1234abcd-2'],
      ['disk_boot_firmware', 'disk:serial/0x1234abcd-1'],
    ]);
  });

  test('a copied card does not take the identity of the first', async () => {
    const ports = treePorts('pi5');
    ports.files.point('/sys/dev/block/259:1', '../../devices/copy/mmcblk0p2');
    ports.files.set('/sys/devices/copy/mmcblk0p2/partition', '2');
    const all = await places(disk, ports);
    expect(all).toContainEqual(['disk', 'disk:uuid/aef01c31-0c3a-4d1e-8d4d-6f5d5b0c2c11']);
    expect(all).toContainEqual(['disk_srv', 'disk:uuid/aef01c31-0c3a-4d1e-8d4d-6f5d5b0c2c11//srv']);
  });
});

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

describe('power agent', () => {
  test.each([
    ['pi3', 'in0_lcrit_alarm', ['under-voltage now']],
    ['pi4', 'get_throttled', []],
    ['pi5', 'get_throttled', ['under-voltage now']],
    ['pi-zero-2w', 'vcgencmd', []],
  ])('%s is asked through %s', async (name, source, complaints) => {
    const { found, seen } = await ask(power, treePorts(name));
    expect(found).toMatchObject([{ kind: 'power', name: 'power', at: 'board:power' }]);
    expect(found[0]?.provenance.source).toContain(source);
    expect(seen.map(({ what }) => what)).toEqual(complaints);
  });

  test.each(['x86-laptop', 'bare-vm', 'hostile'])('%s is no Raspberry Pi', async (name) => {
    expect(await ask(power, treePorts(name))).toEqual({ found: [], seen: [] });
  });
});

describe('services agent', () => {
  test('lists failed units and claims none', async () => {
    const { found, seen } = await ask(services, treePorts('pi4'));
    expect([found.length, seen.map(({ what }) => what)]).toEqual([0, ['bluetooth-mesh.service has failed']]);
    expect(await ask(services, treePorts('pi5'))).toEqual({ found: [], seen: [] });
    expect(await ask(services, treePorts('bare-vm'))).toEqual({ found: [], seen: [] });
  });

  test('a systemd that does not answer is seen', async () => {
    const ports = treePorts('hostile');
    ports.files.set('/run/systemd/system/x', '');
    expect((await ask(services, ports)).seen).toMatchObject([{ what: 'services unknown' }]);
  });
});
