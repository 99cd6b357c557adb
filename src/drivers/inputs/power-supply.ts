import { place } from '../../schemes/fields.ts';
import type { PointSpec } from '../../schemes/point.ts';
import type { Sample } from '../driver.ts';
import { defineInput } from '../driver.ts';
import { numberIn, rounded } from '../parse/attribute.ts';
import { followFolder } from '../parse/folder-input.ts';
import { parseSupply, powerSupplies, type SupplyFacts } from '../parse/power-supplies.ts';

const measure = (unit: string, range: readonly [number, number], facts: Partial<PointSpec> = {}) =>
  ({ type: 'number', unit, range, decimals: 3, ...facts }) as const satisfies PointSpec;

const STATUS = ['charging', 'discharging', 'full', 'not charging', 'unknown'] as const;

const points = {
  capacity: measure('%', [0, 100], { decimals: 0, deviceClass: 'battery' }),
  current: measure('A', [-500, 500], { deviceClass: 'current' }),
  cycles: { type: 'number', about: 'charge cycles', range: [0, 100_000], decimals: 0, diagnostic: true },
  health: { type: 'text', about: 'good, dead, overheat ...', diagnostic: true },
  online: { type: 'boolean', about: 'power is coming in', deviceClass: 'plug' },
  power: measure('W', [-10_000, 10_000], { deviceClass: 'power' }),
  status: { type: 'enum', values: STATUS },
  temperature: measure('°C', [-40, 120], { decimals: 1, deviceClass: 'temperature' }),
  voltage: measure('V', [0, 1000], { deviceClass: 'voltage', deadband: 0.02 }),
} as const;

type Name = keyof typeof points;

const number =
  (key: string, scale = 1, decimals = 3) =>
  (facts: SupplyFacts): Sample => {
    const value = numberIn(facts.get(key));
    if (value === undefined)
      return { quality: 'bad', why: `the kernel says "${facts.get(key) ?? 'nothing'}" for ${key}` };
    return rounded(value * scale, decimals);
  };

const word = (key: string) => (facts: SupplyFacts) => facts.get(key)?.toLowerCase() ?? 'unknown';

/** Key of the kernel and what it means; micro units throughout, tenths for the temperature. */
const sources: Readonly<Record<Name, readonly [key: string, value: (facts: SupplyFacts) => Sample]>> = {
  capacity: ['CAPACITY', number('CAPACITY', 1, 0)],
  current: ['CURRENT_NOW', number('CURRENT_NOW', 1e-6)],
  cycles: ['CYCLE_COUNT', number('CYCLE_COUNT', 1, 0)],
  health: ['HEALTH', word('HEALTH')],
  // 1 fixed, 2 programmable.
  online: ['ONLINE', (facts) => (numberIn(facts.get('ONLINE')) ?? 0) > 0],
  power: ['POWER_NOW', number('POWER_NOW', 1e-6)],
  status: ['STATUS', (facts) => STATUS.find((one) => one === word('STATUS')(facts)) ?? 'unknown'],
  temperature: ['TEMP', number('TEMP', 0.1, 1)],
  voltage: ['VOLTAGE_NOW', number('VOLTAGE_NOW', 1e-6)],
};

const isName = (name: string): name is Name => Object.hasOwn(points, name);

/** Source: Documentation/ABI/testing/sysfs-class-power. */
export const driver = defineInput({
  kind: 'power-supply',
  summary: 'Charge, status, voltage, current and power of a battery, UPS, mains or USB-C supply.',
  options: { at: place('Supply by name and serial number, as `hanbus scan` lists it.') },
  points,
  every: '30s',
  example: { at: 'power:BAT0/5512' },
  async open({ at }, { ports: { files } }) {
    const folder = await followFolder({ files, at, places: async () => await powerSupplies(files) });
    const factsNow = async (signal?: AbortSignal) => parseSupply(await files.text(`${await folder()}/uevent`, signal));
    const known = await factsNow();
    const names = Object.keys(points).filter(isName);
    const told = names.filter((name) => known.has(sources[name][0]));
    return {
      points: Object.fromEntries(told.map((name) => [name, points[name]])),
      read: async (signal) => {
        const facts = await factsNow(signal);
        return Object.fromEntries(told.map((name) => [name, sources[name][1](facts)]));
      },
      close: async () => undefined,
    };
  },
});
