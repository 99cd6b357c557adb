import { place } from '../../schemes/fields.ts';
import { defineInput } from '../driver.ts';
import { openThermometer, THERMOMETER_DEADLINE, temperaturePoint } from '../parse/one-wire.ts';

/** Family 3b. Range from the data sheet. */
export const driver = defineInput({
  kind: 'ds1825',
  summary: 'Temperature from a DS1825, MAX31826 or a MAX31850 thermocouple converter on the 1-Wire bus.',
  options: { at: place('Probe id, as `hanbus scan` lists it.') },
  points: temperaturePoint(-270, 1800),
  every: '30s',
  deadline: THERMOMETER_DEADLINE,
  example: { at: '1wire:3b-0000002c3d4e' },
  open: async ({ at }, { ports }) => await openThermometer(at, ports),
});
