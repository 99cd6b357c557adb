import type { House } from './house.ts';

const W1 = '/sys/devices/w1_bus_master1';
const I2C = '/sys/devices/platform/soc/fe804000.i2c/i2c-1';
const UPS = '/sys/devices/platform/ups/power_supply/ups';
const ETHERNET = '/sys/devices/platform/scb/fd580000.ethernet/net/eth0';
const CARD = '/sys/devices/platform/emmc2bus/fe340000.mmc/mmc_host/mmc0/mmc0:aaaa/block/mmcblk0';
const MEMORY_KB = 3_884_912;

/** What has added up since the simulated board started. */
export interface Counters {
  readonly upMs: number;
  /** Hundredths of seconds of all four processors. */
  readonly busy: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
  readonly writtenSectors: number;
}

export const NO_COUNTS: Counters = { upMs: 0, busy: 0, receivedBytes: 0, sentBytes: 0, writtenSectors: 0 };

/** The counters after `ms` more in this state of the house. */
export function count(before: Counters, house: House, ms: number): Counters {
  const seconds = ms / 1_000;
  return {
    upMs: before.upMs + ms,
    busy: before.busy + house.work * seconds * 400,
    receivedBytes: before.receivedBytes + (2_000 + 150_000 * house.work) * seconds,
    sentBytes: before.sentBytes + (1_500 + 30_000 * house.work) * seconds,
    writtenSectors: before.writtenSectors + (4 + 60 * house.work) * seconds,
  };
}

const milli = (value: number) => `${Math.round(value * 1_000)}\n`;

/** The changing files of the board in this state of the house. */
export function liveFiles(house: House, counters: Counters): Readonly<Record<string, string>> {
  return {
    ...processFiles(house, counters),
    ...traffic(counters),
    '/sys/devices/virtual/thermal/thermal_zone0/temp': milli(house.processor),
    '/sys/devices/platform/soc/soc:firmware/get_throttled': house.isOnBattery ? '50005\n' : '0\n',
    ...thermometer('28-0316a2794cff', house.fridge),
    ...thermometer('28-0416b1883d01', house.outside),
    [`${I2C}/1-0076/iio:device0/in_temp_input`]: milli(house.kitchen),
    [`${I2C}/1-0076/iio:device0/in_humidityrelative_input`]: milli(house.humidity),
    [`${I2C}/1-0076/iio:device0/in_pressure_input`]: `${(house.pressure / 10).toFixed(6)}\n`,
    [`${I2C}/1-0023/iio:device1/in_illuminance_raw`]: `${Math.round(house.light / 0.833333)}\n`,
    [`${UPS}/uevent`]: supply(house),
  };
}

function supply({ isOnBattery, battery }: House): string {
  const facts = {
    NAME: 'ups',
    TYPE: 'UPS',
    STATUS: isOnBattery ? 'Discharging' : 'Full',
    ONLINE: isOnBattery ? 0 : 1,
    CAPACITY: Math.round(battery),
    VOLTAGE_NOW: isOnBattery ? 3_900_000 : 4_150_000,
  };
  return Object.entries(facts)
    .map(([key, value]) => `POWER_SUPPLY_${key}=${value}\n`)
    .join('');
}

function processFiles(house: House, { upMs, busy }: Counters): Record<string, string> {
  const load = (house.work * 4).toFixed(2);
  const seconds = (upMs / 1_000).toFixed(2);
  const idle = Math.max(0, Math.round((upMs / 1_000) * 400 - busy));
  const available = Math.round(MEMORY_KB * (0.82 - 0.2 * house.work));
  return {
    '/proc/loadavg': `${load} ${(house.work * 3).toFixed(2)} ${(house.work * 2.5).toFixed(2)} 1/181 2345\n`,
    '/proc/uptime': `${seconds} ${(idle / 100).toFixed(2)}\n`,
    '/proc/stat': `cpu  ${Math.round(busy)} 0 0 ${idle} 0 0 0 0 0 0\nbtime 1763790000\nprocesses 4123\nprocs_running 2\nprocs_blocked 0\n`,
    '/proc/meminfo': `MemTotal: ${MEMORY_KB} kB\nMemFree: ${available - 400_000} kB\nMemAvailable: ${available} kB\nSwapTotal: 102396 kB\nSwapFree: 102396 kB\n`,
  };
}

function traffic({ receivedBytes, sentBytes, writtenSectors }: Counters): Record<string, string> {
  const received = Math.round(receivedBytes);
  const sent = Math.round(sentBytes);
  const written = Math.round(writtenSectors);
  const head =
    'Inter-|   Receive    |  Transmit\n face |bytes packets errs drop fifo frame compressed multicast|bytes packets errs drop fifo colls carrier compressed\n';
  const stat = `7741 0 612340 81230 ${Math.round(written / 8)} 0 ${written} 91231 0 ${Math.round(written / 4)} 172461 0 0 0 0 0 0\n`;
  return {
    '/proc/self/net/dev': `${head}  eth0: ${received} ${Math.round(received / 900)} 0 0 0 0 0 0 ${sent} ${Math.round(sent / 700)} 0 0 0 0 0 0\n`,
    [`${ETHERNET}/operstate`]: 'up\n',
    [`${ETHERNET}/carrier`]: '1\n',
    [`${CARD}/stat`]: stat,
    [`${CARD}/mmcblk0p2/stat`]: stat,
  };
}

/** A kernel 1-Wire thermometer in both of its forms; the DS18B20 counts sixteenths of a degree. */
export function thermometer(id: string, celsius: number): Record<string, string> {
  const steps = Math.round(celsius * 16);
  const raw = steps & 0xffff;
  const bytes = [raw & 0xff, raw >> 8, 0x4b, 0x46, 0x7f, 0xff, 0x0c, 0x10]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join(' ');
  const value = Math.round((steps / 16) * 1_000);
  return {
    [`${W1}/${id}/temperature`]: `${value}\n`,
    [`${W1}/${id}/w1_slave`]: `${bytes} 1c : crc=1c YES\n${bytes} 1c t=${value}\n`,
  };
}
