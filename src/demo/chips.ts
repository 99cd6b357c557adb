import { makeAds1115Model } from '../drivers/ports/simulated/ads1115.ts';
import { makeBme280Model } from '../drivers/ports/simulated/bme280.ts';
import type { SimulatedI2c } from '../drivers/ports/simulated/i2c.ts';
import { makeSsd1306Model } from '../drivers/ports/simulated/ssd1306.ts';
import type { Clock } from '../kit/clock.ts';
import type { House } from './house.ts';
import { soilVolts } from './soil.ts';

const BUS = 'i2c-1';

/** The chips on the bus of the demo's board that no kernel driver serves: a BME280, a converter with a soil probe, a display. */
export class Chips {
  readonly #air;
  readonly #converter;

  constructor(clock: Clock, i2c: SimulatedI2c) {
    this.#air = makeBme280Model(clock, { temperature: 20, pressure: 1_013, humidity: 50 });
    this.#converter = makeAds1115Model(clock, [2, 0, 0, 3.3]);
    // 0x76 is the BME280 of the kernel's own driver.
    i2c.put({ bus: BUS, address: 0x77 }, this.#air);
    i2c.put({ bus: BUS, address: 0x48 }, this.#converter);
    i2c.put({ bus: BUS, address: 0x3c }, makeSsd1306Model());
  }

  step({ kitchen, pressure, humidity }: House, moisture: number): void {
    this.#air.air = { temperature: kitchen + 0.4, pressure, humidity };
    this.#converter.volts[0] = soilVolts(moisture);
  }
}
