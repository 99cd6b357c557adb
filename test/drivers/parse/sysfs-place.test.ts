import { expect, it } from 'vitest';
import { sysfsPlace } from '../../../src/drivers/parse/sysfs-place.ts';

it.each([
  ['/sys/devices/platform/coretemp.0/hwmon/hwmon4', 'platform/coretemp.0'],
  ['/sys/devices/platform/soc/fe804000.i2c/i2c-1/1-0076/iio:device0', 'i2c-1:0x76'],
  ['/sys/devices/pci0000:00/0000:00:1d.0/0000:3d:00.0/nvme/nvme0/hwmon2', 'pci/0000:3d:00.0'],
  ['/sys/devices/pci0000:00/0000:00:17.0/ata3/host2/target2:0:0/2:0:0:0/hwmon/hwmon1', 'pci/0000:00:17.0/ata3'],
  ['/sys/devices/pci0000:00/0000:00:14.0/usb1/1-4/1-4.2/1-4.2:1.0/0003:1B1C:0C10.0001/hwmon/hwmon7', 'usb/1-4.2'],
  ['/sys/devices/platform/soc/fe204000.spi/spi_master/spi0/spi0.1/iio:device3', 'spi0.1'],
  ['/sys/devices/w1_bus_master1/28-0316a2794cff/hwmon/hwmon2', '1wire:28-0316a2794cff'],
  ['/sys/devices/virtual/hwmon/hwmon9', undefined],
  ['/sys/class/hwmon/hwmon9', undefined],
  ['', undefined],
])('%s hangs at %s', (path, place) => {
  expect(sysfsPlace(path)).toBe(place);
});
