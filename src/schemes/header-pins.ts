/** What the 40-pin connector of a Raspberry Pi carries, pin 1 first. Source: the GPIO page of the board's documentation. */
const HEADER: readonly string[] = (
  '3.3V 5V gpio2 5V gpio3 GND gpio4 gpio14 GND gpio15 ' +
  'gpio17 gpio18 gpio27 GND gpio22 gpio23 3.3V gpio24 gpio10 GND ' +
  'gpio9 gpio25 gpio11 gpio8 GND gpio7 gpio0 gpio1 gpio5 GND ' +
  'gpio6 gpio12 gpio13 GND gpio19 gpio16 gpio26 gpio20 GND gpio21'
).split(' ');

/** `gpio17`, `5V` or `GND` for a pin of the connector, 1 to 40. */
export function headerPin(pin: number): string | undefined {
  return HEADER[pin - 1];
}

export const LAST_GPIO = 27;

/** The GPIO lines that are nearest on the connector and not taken. */
export function freePinsNear(gpio: number, taken: ReadonlySet<number>): readonly string[] {
  const at = HEADER.indexOf(`gpio${gpio}`);
  // gpio0 and gpio1 identify boards that are plugged on; never offered.
  const reserved = new Set(['gpio0', 'gpio1', ...BUS_PINS.flatMap(({ pins }) => pins.map((pin) => `gpio${pin.gpio}`))]);
  return HEADER.map((name, index) => ({ name, away: Math.abs(index - at) }))
    .filter(({ name }) => name.startsWith('gpio') && !reserved.has(name) && !taken.has(Number(name.slice(4))))
    .toSorted((a, b) => a.away - b.away)
    .slice(0, 3)
    .map(({ name }) => name);
}

export interface BusPins {
  /** Places on this bus start so. */
  readonly prefix: string;
  readonly bus: string;
  readonly pins: readonly { readonly gpio: number; readonly role: string }[];
}

/** Pins that belong to a bus while a device is on it. */
export const BUS_PINS: readonly BusPins[] = [
  {
    prefix: 'i2c-1:',
    bus: 'i2c-1',
    pins: [
      { gpio: 2, role: 'the data line' },
      { gpio: 3, role: 'the clock line' },
    ],
  },
  { prefix: '1wire:', bus: 'the 1-wire bus', pins: [{ gpio: 4, role: 'the data line' }] },
  {
    prefix: 'spi0.',
    bus: 'spi0',
    pins: [
      { gpio: 10, role: 'the data line out' },
      { gpio: 9, role: 'the data line in' },
      { gpio: 11, role: 'the clock line' },
    ],
  },
  {
    prefix: '/dev/serial0',
    bus: 'serial0',
    pins: [
      { gpio: 14, role: 'the transmit line' },
      { gpio: 15, role: 'the receive line' },
    ],
  },
];
