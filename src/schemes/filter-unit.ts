import { DURATION_MS } from './quantity.ts';
import { unitOf } from './units.ts';

/** What one of these for one hour is. */
const TIMES_HOUR: ReadonlyMap<string, string> = new Map([
  ['A', 'Ah'],
  ['L/h', 'L'],
  ['MW', 'MWh'],
  ['W', 'Wh'],
  ['kW', 'kWh'],
  ['km/h', 'km'],
  ['mA', 'mAh'],
  ['mm/h', 'mm'],
  ['m³/h', 'm³'],
]);

/** The unit of value times hours: W gives Wh. Undefined when it has no name here. */
export function unitTimesHour(unit: string): string | undefined {
  return TIMES_HOUR.get(unit);
}

/** The unit of a change per time: L per minute gives L/min, Wh per hour W. Undefined when it has no name here. */
export function unitPerTime(unit: string, ms: number): string | undefined {
  const [time] = Object.entries(DURATION_MS).find(([, size]) => size === ms) ?? [];
  if (time === undefined) return undefined;
  if (unit === 'J' && time === 's') return 'W';
  const [power] = [...TIMES_HOUR].find(([, product]) => time === 'h' && product === unit) ?? [];
  return power ?? unitOf(`${unit === 'count' ? '' : unit}/${time}`);
}
