import type { Unit as LibraryUnit } from 'convert';

/** What a unit measures. Only units of the same dimension convert into each other. */
export type Dimension =
  | 'acceleration'
  | 'angle'
  | 'angular speed'
  | 'apparent power'
  | 'area'
  | 'capacitance'
  | 'charge'
  | 'concentration'
  | 'conductivity'
  | 'count'
  | 'current'
  | 'density'
  | 'energy'
  | 'flow'
  | 'force'
  | 'frequency'
  | 'illuminance'
  | 'information'
  | 'information rate'
  | 'irradiance'
  | 'length'
  | 'level'
  | 'luminous flux'
  | 'magnetic field'
  | 'mass'
  | 'power'
  | 'pressure'
  | 'rainfall rate'
  | 'reactive power'
  | 'resistance'
  | 'share'
  | 'signal level'
  | 'speed'
  | 'temperature'
  | 'time'
  | 'voltage'
  | 'volume';

export interface UnitFact {
  readonly dimension: Dimension;
  /** Times this gives the first unit of the dimension; or the name under which the unit library knows it. */
  readonly factor: number | LibraryUnit;
  /** Added before the factor: zero of the unit, counted in it, below the zero of the first unit. */
  readonly offset?: number;
}

type PerDimension<T> = ReadonlyMap<Dimension, T>;

/** The units that the library knows too: its factors count. The first of each row is the dimension's own unit. */
const KNOWN: PerDimension<readonly LibraryUnit[]> = new Map<Dimension, readonly LibraryUnit[]>([
  ['angle', ['°', 'rad']],
  ['area', ['m²', 'cm²', 'km²']],
  ['energy', ['J', 'kJ', 'MJ', 'Wh', 'kWh', 'MWh']],
  ['force', ['N']],
  ['frequency', ['Hz', 'kHz', 'MHz', 'GHz']],
  ['illuminance', ['lx']],
  ['information', ['B', 'kB', 'MB', 'GB', 'TB', 'KiB', 'MiB', 'GiB', 'TiB']],
  ['length', ['m', 'µm', 'mm', 'cm', 'km', 'in', 'ft', 'mi']],
  ['mass', ['g', 'mg', 'kg', 't', 'lb', 'oz']],
  ['power', ['W', 'mW', 'kW', 'MW']],
  ['pressure', ['Pa', 'hPa', 'kPa', 'mbar', 'bar', 'psi', 'inHg']],
  ['time', ['s', 'µs', 'ms', 'min', 'h', 'd']],
  ['volume', ['L', 'mL', 'm³', 'gal']],
]);

/** What the library does not know, from the SI brochure (9th edition) and NIST SP 811; gallons are US liquid. */
const OWN: PerDimension<Readonly<Record<string, number>>> = new Map<Dimension, Readonly<Record<string, number>>>([
  ['acceleration', { 'm/s²': 1 }],
  ['angular speed', { 'rad/s': 1, '°/s': Math.PI / 180 }],
  ['apparent power', { VA: 1, kVA: 1_000 }],
  ['capacitance', { nF: 1, pF: 0.001, µF: 1_000, mF: 1_000_000 }],
  ['charge', { Ah: 1, mAh: 0.001 }],
  ['concentration', { ppm: 1, ppb: 0.001 }],
  ['conductivity', { 'µS/cm': 1, 'mS/cm': 1_000, 'S/m': 10_000 }],
  ['count', { count: 1 }],
  ['current', { A: 1, mA: 0.001, µA: 0.000001 }],
  ['density', { 'µg/m³': 1, 'mg/m³': 1_000, 'g/m³': 1_000_000 }],
  ['energy', { cal: 4.184, kcal: 4_184 }],
  ['flow', { 'L/h': 1, 'L/min': 60, 'm³/h': 1_000, 'gal/min': 227.124707_04 }],
  ['frequency', { rpm: 1 / 60, '/s': 1, '/min': 1 / 60, '/h': 1 / 3_600, '/d': 1 / 86_400 }],
  ['information', { bit: 0.125, kbit: 125, Mbit: 125_000, Gbit: 125_000_000 }],
  [
    'information rate',
    {
      'B/s': 1,
      'kB/s': 1_000,
      'MB/s': 1_000_000,
      'GB/s': 1_000_000_000,
      'KiB/s': 1_024,
      'MiB/s': 1_048_576,
      'bit/s': 0.125,
      'kbit/s': 125,
      'Mbit/s': 125_000,
      'Gbit/s': 125_000_000,
    },
  ],
  ['irradiance', { 'W/m²': 1 }],
  ['level', { dB: 1 }],
  ['luminous flux', { lm: 1 }],
  ['magnetic field', { µT: 1, nT: 0.001, mT: 1_000, T: 1_000_000, G: 100 }],
  ['pressure', { mmHg: 133.322387_415 }],
  ['rainfall rate', { 'mm/h': 1, 'mm/d': 1 / 24, 'in/h': 25.4 }],
  ['reactive power', { var: 1, kvar: 1_000 }],
  ['resistance', { Ω: 1, kΩ: 1_000, MΩ: 1_000_000 }],
  ['share', { '%': 1, '‰': 0.1 }],
  ['signal level', { dBm: 1 }],
  ['speed', { 'm/s': 1, 'km/h': 1 / 3.6, mph: 0.44704, kn: 1_852 / 3_600, 'ft/s': 0.3048 }],
  ['time', { w: 604_800 }],
  ['voltage', { V: 1, mV: 0.001, µV: 0.000001, kV: 1_000 }],
]);

const TEMPERATURE: Readonly<Record<string, UnitFact>> = {
  '°C': { dimension: 'temperature', factor: 1 },
  '°F': { dimension: 'temperature', factor: 1 / 1.8, offset: -32 },
  K: { dimension: 'temperature', factor: 1, offset: -273.15 },
};

/** The library's name of the first unit of a dimension, to which its factors are taken. */
export function libraryBase(dimension: Dimension): LibraryUnit | undefined {
  return KNOWN.get(dimension)?.[0];
}

/** Every unit of hanbus by its own spelling. */
export function makeUnitTable(): ReadonlyMap<string, UnitFact> {
  const table = new Map<string, UnitFact>(Object.entries(TEMPERATURE));
  for (const [dimension, names] of KNOWN) {
    for (const name of names) table.set(name, { dimension, factor: name });
  }
  for (const [dimension, factors] of OWN) {
    for (const [name, factor] of Object.entries(factors)) table.set(name, { dimension, factor });
  }
  return table;
}
