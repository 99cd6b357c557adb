import { place } from '../../schemes/fields.ts';
import { defineInput } from '../driver.ts';
import { openThermometer, THERMOMETER_DEADLINE, temperaturePoint } from '../parse/one-wire.ts';

/** Family 10. Range from the data sheet. */
export const driver = defineInput({
  kind: 'ds18s20',
  summary: 'Temperature from a DS18S20 or DS1820 probe on the 1-Wire bus.',
  options: { at: place('Probe id, as `hanbus scan` lists it.') },
  points: temperaturePoint(-55, 125),
  every: '30s',
  deadline: THERMOMETER_DEADLINE,
  example: { at: '1wire:10-00080278ab12' },
  open: async ({ at }, { ports }) => await openThermometer(at, ports),
});
