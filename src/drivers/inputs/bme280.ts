import { OptionsError } from '../../kit/errors.ts';
import { optional, place } from '../../schemes/fields.ts';
import type { Points } from '../../schemes/point.ts';
import { defineInput } from '../driver.ts';
import { compensate, parseCalibration, parseRaw } from '../parse/bme280.ts';
import { openChip } from '../parse/i2c-chip.ts';
import { plausible } from '../parse/plausible.ts';

const points = {
  humidity: { type: 'number', unit: '%', range: [0, 100], decimals: 1, deviceClass: 'humidity' },
  pressure: { type: 'number', unit: 'hPa', range: [300, 1100], decimals: 1, deviceClass: 'atmospheric_pressure' },
  temperature: { type: 'number', unit: '°C', range: [-40, 85], decimals: 2, deviceClass: 'temperature' },
} as const satisfies Points;

const REGISTER = {
  calibration: 0x88,
  id: 0xd0,
  calibrationHigh: 0xe1,
  humidity: 0xf2,
  status: 0xf3,
  measure: 0xf4,
  result: 0xf7,
};
const ID = 0x60;
const RELATIVES: Readonly<Record<number, string>> = {
  85: 'BMP180',
  86: 'BMP280',
  87: 'BMP280',
  88: 'BMP280',
  97: 'BME680',
};
/** Humidity once; temperature and pressure once, one forced measurement. */
const [HUMIDITY_ONCE, MEASURE_ONCE] = [0x01, 0x25];
/** The longest time of such a measurement is 9.3 ms. */
const MEASURE_MS = 10;
const MEASURING = 0x08;
const TRIES = 10;

/** Source: data sheet BST-BME280-DS002, version 1.23; the settings are those it suggests for weather, 3.5.1. */
export const driver = defineInput({
  kind: 'bme280',
  summary: 'Temperature, humidity and pressure of the air from a BME280 on I2C.',
  options: { at: optional(place('Place on I2C. Default: 0x76 or 0x77 on i2c-1.')) },
  points,
  every: '10s',
  example: { at: 'i2c-1:0x76' },
  async open({ at }, { ports: { i2c } }) {
    const chip = await openChip(i2c, {
      kind: 'bme280',
      at,
      addresses: [0x76, 0x77],
      hasId: true,
      isIt: async (one) => isBme280((await one.transfer([REGISTER.id], 1))[0]),
    });
    const low = await chip.transfer([REGISTER.calibration], 26);
    const calibration = parseCalibration(low, await chip.transfer([REGISTER.calibrationHigh], 7));
    return {
      read: async (signal) => {
        await chip.transfer([REGISTER.humidity, HUMIDITY_ONCE, REGISTER.measure, MEASURE_ONCE], 0, signal);
        await chip.wait(MEASURE_MS, signal);
        for (let left = TRIES; left > 0; left -= 1) {
          const [status = 0] = await chip.transfer([REGISTER.status], 1, signal);
          if ((status & MEASURING) === 0) break;
          await chip.wait(1, signal);
        }
        return plausible(points, compensate(calibration, parseRaw(await chip.transfer([REGISTER.result], 8, signal))));
      },
      close: async () => await chip.close(),
    };
  },
});

/** All ones or all zeros is a bus in trouble, no other chip. */
function isBme280(id = 0xff): boolean {
  const relative = RELATIVES[id];
  if (relative === undefined) return id === ID;
  throw new OptionsError(`the chip there is a ${relative}, not a BME280`, { fix: 'hanbus scan' });
}
