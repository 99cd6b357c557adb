import { place } from '../../schemes/fields.ts';
import { defineInput } from '../driver.ts';
import { openThermometer, THERMOMETER_DEADLINE, temperaturePoint } from '../parse/one-wire.ts';

/** Family 22. Range from the data sheet. */
export const driver = defineInput({
  kind: 'ds1822',
  summary: 'Temperature from a DS1822 probe on the 1-Wire bus.',
  options: { at: place('Probe id, as `hanbus scan` lists it.') },
  points: temperaturePoint(-55, 125),
  every: '30s',
  deadline: THERMOMETER_DEADLINE,
  example: { at: '1wire:22-0000001b2c3d' },
  open: async ({ at }, { ports }) => await openThermometer(at, ports),
});
