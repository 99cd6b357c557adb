/** What does not change on the simulated board, a Raspberry Pi 4 with its sensors: path to content, in the kernel's words. */
export const STILL_FILES: Readonly<Record<string, string>> = {
  '/sys/firmware/devicetree/base/model': 'Raspberry Pi 4 Model B Rev 1.4\u0000',
  '/proc/cpuinfo':
    'processor\t: 0\n\nprocessor\t: 1\n\nprocessor\t: 2\n\nprocessor\t: 3\n\nModel\t\t: Raspberry Pi 4 Model B Rev 1.4\n',
  '/proc/self/mountinfo':
    '28 1 179:2 / / rw,noatime shared:1 - ext4 /dev/mmcblk0p2 rw\n22 28 0:21 / /sys rw - sysfs sysfs rw\n23 28 0:22 / /proc rw - proc proc rw\n',
  '/sys/devices/platform/emmc2bus/fe340000.mmc/mmc_host/mmc0/mmc0:aaaa/block/mmcblk0/dev': '179:0\n',
  '/sys/devices/platform/emmc2bus/fe340000.mmc/mmc_host/mmc0/mmc0:aaaa/block/mmcblk0/mmcblk0p2/dev': '179:2\n',
  '/sys/devices/platform/emmc2bus/fe340000.mmc/mmc_host/mmc0/mmc0:aaaa/block/mmcblk0/mmcblk0p2/partition': '2\n',
  '/dev/mmcblk0': '',
  '/dev/mmcblk0p2': '',
  '/sys/devices/platform/scb/fd580000.ethernet/net/eth0/address': 'dc:a6:32:00:00:01\n',
  '/sys/devices/platform/scb/fd580000.ethernet/net/eth0/addr_assign_type': '0\n',
  '/sys/devices/platform/scb/fd580000.ethernet/net/eth0/type': '1\n',
  '/sys/devices/platform/scb/fd580000.ethernet/net/eth0/uevent': 'INTERFACE=eth0\nIFINDEX=2\n',
  '/proc/self/net/route':
    'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\neth0\t00000000\t0101A8C0\t0003\t0\t0\t202\t00000000\t0\t0\t0\neth0\t0001A8C0\t00000000\t0001\t0\t0\t202\t00FFFFFF\t0\t0\t0\n',
  '/proc/self/net/fib_trie':
    'Local:\n  +-- 0.0.0.0/0 3 0 5\n     +-- 127.0.0.0/8 2 0 2\n           |-- 127.0.0.1\n              /32 host LOCAL\n     +-- 192.168.1.0/24 2 0 2\n           |-- 192.168.1.31\n              /32 host LOCAL\n',
  '/sys/bus/i2c/drivers/bmp280/uevent': '',
  '/sys/bus/i2c/drivers/bh1750/uevent': '',
  '/sys/devices/virtual/thermal/thermal_zone0/type': 'cpu-thermal\n',
  '/sys/devices/w1_bus_master1/28-0316a2794cff/name': '28-0316a2794cff\n',
  '/sys/devices/w1_bus_master1/28-0416b1883d01/name': '28-0416b1883d01\n',
  '/sys/devices/platform/soc/fe804000.i2c/i2c-1/name': 'bcm2835 (i2c@7e804000)\n',
  '/sys/devices/platform/soc/fe804000.i2c/i2c-1/1-0076/name': 'bme280\n',
  '/sys/devices/platform/soc/fe804000.i2c/i2c-1/1-0076/iio:device0/name': 'bme280\n',
  '/sys/devices/platform/soc/fe804000.i2c/i2c-1/1-0023/name': 'bh1750\n',
  '/sys/devices/platform/soc/fe804000.i2c/i2c-1/1-0023/iio:device1/name': 'bh1750\n',
  '/sys/devices/platform/soc/fe804000.i2c/i2c-1/1-0023/iio:device1/in_illuminance_scale': '0.833333\n',
  '/dev/i2c-1': '',
  '/proc/1/stat': '1 (systemd) S 1 1 1 0 -1 0\n',
  '/proc/412/stat': '412 (sshd) S 1 1 1 0 -1 0\n',
  '/sys/class/spi_master/spi0/statistics/messages': '0\n',
};

/** The symbolic links of sysfs, as the kernel lays them. */
export const STILL_LINKS: Readonly<Record<string, string>> = {
  '/proc/device-tree': '/sys/firmware/devicetree/base',
  '/proc/net': 'self/net',
  '/sys/dev/block/179:0': '../../devices/platform/emmc2bus/fe340000.mmc/mmc_host/mmc0/mmc0:aaaa/block/mmcblk0',
  '/sys/dev/block/179:2':
    '../../devices/platform/emmc2bus/fe340000.mmc/mmc_host/mmc0/mmc0:aaaa/block/mmcblk0/mmcblk0p2',
  '/dev/disk/by-uuid/3b614a3f-4a65-4480-876a-8a998e01ac9b': '../../mmcblk0p2',
  '/sys/class/net/eth0': '../../devices/platform/scb/fd580000.ethernet/net/eth0',
  '/sys/devices/platform/scb/fd580000.ethernet/net/eth0/device': '../../../fd580000.ethernet',
  '/sys/class/thermal/thermal_zone0': '../../devices/virtual/thermal/thermal_zone0',
  '/sys/bus/w1/devices/w1_bus_master1': '../../../devices/w1_bus_master1',
  '/sys/bus/w1/devices/28-0316a2794cff': '../../../devices/w1_bus_master1/28-0316a2794cff',
  '/sys/bus/w1/devices/28-0416b1883d01': '../../../devices/w1_bus_master1/28-0416b1883d01',
  '/sys/bus/i2c/devices/i2c-1': '../../../devices/platform/soc/fe804000.i2c/i2c-1',
  '/sys/bus/i2c/devices/1-0076': '../../../devices/platform/soc/fe804000.i2c/i2c-1/1-0076',
  '/sys/bus/i2c/devices/1-0023': '../../../devices/platform/soc/fe804000.i2c/i2c-1/1-0023',
  '/sys/devices/platform/soc/fe804000.i2c/i2c-1/1-0076/driver': '../../../../../../bus/i2c/drivers/bmp280',
  '/sys/devices/platform/soc/fe804000.i2c/i2c-1/1-0023/driver': '../../../../../../bus/i2c/drivers/bh1750',
  '/sys/bus/iio/devices/iio:device0': '../../../devices/platform/soc/fe804000.i2c/i2c-1/1-0076/iio:device0',
  '/sys/bus/iio/devices/iio:device1': '../../../devices/platform/soc/fe804000.i2c/i2c-1/1-0023/iio:device1',
  '/sys/class/power_supply/ups': '../../devices/platform/ups/power_supply/ups',
  '/sys/bus/platform/drivers/raspberrypi-firmware/soc:firmware': '../../../../devices/platform/soc/soc:firmware',
};
