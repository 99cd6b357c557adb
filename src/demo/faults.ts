import { thermometer } from './live-files.ts';

/** Something that goes wrong again and again, so that a visitor sees it within minutes of real time. */
export interface Fault {
  /** What a person would say happened. */
  readonly about: string;
  /** It comes back this often; ms of real time. */
  readonly everyMs: number;
  /** When it begins within that time, and how long it lasts; ms. */
  readonly atMs: number;
  readonly lastsMs: number;
  /** Takes away everything below this path while it lasts. */
  readonly remove?: readonly string[];
  /** Files that say something else while it lasts. */
  readonly files?: Readonly<Record<string, string>>;
  /** Reading these gives an I/O error while it lasts. */
  readonly fail?: readonly string[];
}

const MINUTE = 60_000;
const FRIDGE = '28-0316a2794cff';
const OUTSIDE = '28-0416b1883d01';

export const FAULTS: readonly Fault[] = [
  {
    about: 'the wire of the outside thermometer is pulled',
    everyMs: 10 * MINUTE,
    atMs: 2 * MINUTE,
    lastsMs: 1.5 * MINUTE,
    remove: [`/sys/devices/w1_bus_master1/${OUTSIDE}`, `/sys/bus/w1/devices/${OUTSIDE}`],
  },
  {
    about: 'the fridge thermometer restarts and answers its power-on value of 85 °C',
    everyMs: 7 * MINUTE,
    atMs: 4 * MINUTE,
    lastsMs: 0.75 * MINUTE,
    files: thermometer(FRIDGE, 85),
  },
  {
    about: 'the light sensor does not answer on the I2C bus',
    everyMs: 12 * MINUTE,
    atMs: 6 * MINUTE,
    lastsMs: 1 * MINUTE,
    fail: ['/sys/devices/platform/soc/fe804000.i2c/i2c-1/1-0023/iio:device1/in_illuminance_raw'],
  },
  {
    about: 'the network cable is pulled',
    everyMs: 15 * MINUTE,
    atMs: 9 * MINUTE,
    lastsMs: 0.5 * MINUTE,
    files: {
      '/sys/devices/platform/scb/fd580000.ethernet/net/eth0/operstate': 'down\n',
      '/sys/devices/platform/scb/fd580000.ethernet/net/eth0/carrier': '0\n',
    },
  },
];

/** The faults that are there `runMs` after the start. */
export function faultsAt(runMs: number): readonly Fault[] {
  return FAULTS.filter(({ everyMs, atMs, lastsMs }) => {
    const within = (runMs % everyMs) - atMs;
    return within >= 0 && within < lastsMs;
  });
}
