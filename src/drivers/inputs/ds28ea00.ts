import { place } from '../../schemes/fields.ts';
import { defineInput } from '../driver.ts';
import { openThermometer, THERMOMETER_DEADLINE, temperaturePoint } from '../parse/one-wire.ts';

/** Family 42. Range from the data sheet. */
export const driver = defineInput({
  kind: 'ds28ea00',
  summary: 'Temperature from a DS28EA00 probe on the 1-Wire bus.',
  options: { at: place('Probe id, as `hanbus scan` lists it.') },
  points: temperaturePoint(-40, 85),
  every: '30s',
  deadline: THERMOMETER_DEADLINE,
  example: { at: '1wire:42-0000003d4e5f' },
  open: async ({ at }, { ports }) => await openThermometer(at, ports),
});
