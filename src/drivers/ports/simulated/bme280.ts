import type { Clock } from '../../../kit/clock.ts';
import type { ChipModel } from './i2c.ts';

/** The air around the chip: °C, hPa, %. */
export interface Air {
  readonly temperature: number;
  readonly pressure: number;
  readonly humidity: number;
}

/** A model of the chip: its registers can be looked at and changed. */
export interface Bme280Model extends ChipModel {
  readonly registers: Uint8Array;
  air: Air;
}

const REGISTER = {
  calibration1: 0x88,
  id: 0xd0,
  calibration2: 0xe1,
  humidity: 0xf2,
  status: 0xf3,
  measure: 0xf4,
  result: 0xf7,
};
/** The longest time of one measurement with each value taken once; data sheet, appendix B. */
const MEASURE_MS = 9.3;
/** Terms that make the correction a straight line, so that a raw number can be worked out for any air. */
const LINEAR = { t1: 27_504, t2: 26_435, p1: 36_477, h2: 362, h4: 313 };

/**
 * A BME280 by its registers (data sheet BST-BME280-DS002, 4.2.2, 5.3 and 5.4): id, calibration, one forced measurement
 * at a time with the busy bit, a pointer that counts up. Results change only when they were asked for.
 */
export function makeBme280Model(clock: Clock, air: Air): Bme280Model {
  const registers = new Uint8Array(256);
  const view = new DataView(registers.buffer);
  registers[REGISTER.id] = 0x60;
  view.setUint16(REGISTER.calibration1, LINEAR.t1, true);
  view.setInt16(REGISTER.calibration1 + 2, LINEAR.t2, true);
  view.setUint16(REGISTER.calibration1 + 6, LINEAR.p1, true);
  view.setInt16(REGISTER.calibration2, LINEAR.h2, true);
  registers[REGISTER.calibration2 + 3] = LINEAR.h4 >> 4;
  registers[REGISTER.calibration2 + 4] = LINEAR.h4 & 0x0f;
  // 0x80000 and 0x8000: nothing was measured.
  registers.set([0x80, 0, 0, 0x80, 0, 0, 0x80, 0], REGISTER.result);
  let pointer = 0;
  let readyAt = 0;
  const model: Bme280Model = {
    registers,
    air,
    write: (bytes) => {
      const [first = 0, ...rest] = bytes;
      pointer = first;
      // A write of several bytes is pairs of register and value.
      for (let at = 0; at < rest.length; at += 2) {
        const register = at === 0 ? first : (rest[at - 1] ?? 0);
        registers[register] = rest[at] ?? 0;
        if (register === REGISTER.measure && ((rest[at] ?? 0) & 3) !== 0) {
          readyAt = clock.mono() + MEASURE_MS;
          measure(model);
        }
      }
    },
    read: (count) => {
      const isBusy = clock.mono() < readyAt;
      registers[REGISTER.status] = isBusy ? 0x08 : 0;
      const bytes = registers.slice(pointer, pointer + count);
      pointer += count;
      return bytes;
    },
  };
  return model;
}

/** Puts the raw numbers of the air into the result registers, by the inverse of the straight lines. */
function measure({ registers, air }: Bme280Model): void {
  const temperature = Math.round(((air.temperature * 5_120) / LINEAR.t2 + LINEAR.t1 / 1_024) * 16_384);
  const pressure = Math.round(1_048_576 - (air.pressure * 100 * LINEAR.p1) / 6_250);
  const humidity = Math.round((air.humidity * 65_536) / LINEAR.h2 + LINEAR.h4 * 64);
  const wide = (raw: number) => [raw >> 12, (raw >> 4) & 0xff, (raw << 4) & 0xf0];
  registers.set([...wide(pressure), ...wide(temperature), humidity >> 8, humidity & 0xff], REGISTER.result);
}
