import { OptionsError } from '../../kit/errors.ts';
import { place, record, text } from '../../schemes/fields.ts';
import { isName } from '../../schemes/names.ts';
import type { Points } from '../../schemes/point.ts';
import type { Value } from '../../schemes/reading.ts';
import { defineOutput } from '../driver.ts';
import { Cm11a } from '../parse/cm11a.ts';
import { parseX10, type X10Address, type X10Heard } from '../parse/x10.ts';

const BAUD = 4_800;
const RECEIVED = 'received';
const ALL: Readonly<Record<string, boolean>> = {
  'all lights off': false,
  'all lights on': true,
  'all units off': false,
};
const ONE: Readonly<Record<string, boolean>> = { off: false, on: true, 'status is off': false, 'status is on': true };

/** Source: CM11A interface communication protocol. X10 modules do not answer: a lamp is what it was told last. */
export const driver = defineOutput({
  kind: 'cm11a',
  summary: 'X10 lamps and remote controls through a CM11A on a serial port.',
  options: {
    at: place('Port, such as /dev/ttyUSB0.'),
    lamps: record('A name for each lamp and its address.', text('House and unit, A1 to P16.')),
  },
  points: 'found',
  pointsOf: ({ lamps }) => (isTexts(lamps) && Object.values(lamps).every(parseX10) ? pointsFor(lamps) : undefined),
  deadline: '20s',
  example: { at: '/dev/ttyUSB0', lamps: { porch: 'A1', hall: 'A2' } },
  async open({ at, lamps }, { ports: { serial }, clock, initial }) {
    const addresses = parseLamps(lamps);
    const port = await serial.open(at, { baud: BAUD });
    let emit: (samples: Readonly<Record<string, Value>>) => void = () => undefined;
    let fail: (error: unknown) => void = () => undefined;
    const interface_ = new Cm11a({
      port,
      now: () => clock.now(),
      hear: (heard) => emit({ ...lampsOf(addresses, heard), [RECEIVED]: textOf(heard) }),
      fail: (error) => fail(error),
    });
    const set = async (name: string, value: Value) => {
      const address = addresses.get(name);
      if (address === undefined) throw new OptionsError(`there is no lamp ${name}`);
      await interface_.send(address, value === true ? 'on' : 'off');
      return { [name]: value === true };
    };
    return {
      points: pointsFor(lamps),
      listen: async (onNews, onFailure) => {
        [emit, fail] = [onNews, onFailure];
        interface_.listen();
        for (const name of addresses.keys()) {
          const first = initial[name] ?? initial['*'];
          if (typeof first === 'boolean') emit(await set(name, first));
        }
      },
      write: async ({ point, value }) => await set(point, value),
      close: async () => await port.close(),
    };
  },
});

function pointsFor(lamps: Readonly<Record<string, string>>): Points {
  const own = Object.entries(lamps).map(([name, address]) => [name, lampSpec(address)] as const);
  const received = { type: 'event', about: 'a command on the power line, such as "A1 on"', retain: false } as const;
  return { ...Object.fromEntries(own), [RECEIVED]: received };
}

function lampSpec(address: string) {
  return { type: 'boolean', about: `lamp ${address} is on, as it was told last`, settable: true } as const;
}

function parseLamps(lamps: Readonly<Record<string, string>>): ReadonlyMap<string, X10Address> {
  const parsed = Object.entries(lamps).map(([name, text]) => {
    const address = parseX10(text);
    if (address === undefined)
      throw new OptionsError(`lamps: ${name}: "${text}" is no X10 address`, { fix: `${name}: A1` });
    if (!isName(name) || name === RECEIVED) throw new OptionsError(`lamps: "${name}" cannot be the name of a lamp`);
    return [name, address] as const;
  });
  if (parsed.length === 0) throw new OptionsError('lamps: there is none', { fix: 'lamps: {porch: A1}' });
  return new Map(parsed);
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return typeof value === 'object' && value !== null && Object.values(value).every((item) => typeof item === 'string');
}

/** What a command that somebody else gave does to our lamps. */
function lampsOf(
  addresses: ReadonlyMap<string, X10Address>,
  { house, units, name }: X10Heard,
): Readonly<Record<string, boolean>> {
  const [all, one] = [ALL[name], ONE[name]];
  const touched = [...addresses].flatMap(([lamp, address]) => {
    if (address.house !== house) return [];
    if (all !== undefined) return [[lamp, all] as const];
    return one !== undefined && units.includes(address.unit) ? [[lamp, one] as const] : [];
  });
  return Object.fromEntries(touched);
}

function textOf({ house, units, name }: X10Heard): string {
  return `${units.length === 0 || ALL[name] !== undefined ? house : units.map((unit) => `${house}${unit}`).join(',')} ${name}`;
}
