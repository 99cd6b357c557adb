import { describe, expect, test } from 'vitest';
import { agent as disk } from '../../src/harvest/disk.ts';
import { treePorts } from '../fakes/tree-ports.ts';
import { ask, places } from './ask.ts';

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

  test('the root of a chroot, which is no mount, is a disk', async () => {
    const ports = treePorts('bare-vm');
    ports.files.set('/proc/self/mountinfo', '42 27 0:21 / /proc rw,relatime - proc proc rw\n');
    expect(await places(disk, ports)).toEqual([['disk', 'disk:chroot/']]);
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
