import type { Clock } from '../../../kit/clock.ts';
import type { ChipModel } from './i2c.ts';

export interface Ads1115Model extends ChipModel {
  /** Volts at the four inputs. */
  readonly volts: [number, number, number, number];
  /** Conversion, config, low and high threshold. */
  readonly registers: [number, number, number, number];
  /** As after power-on. */
  reset(): void;
}

const POWER_ON = [0, 0x8583, 0x8000, 0x7fff] as const;
const FULL_SCALE = [6.144, 4.096, 2.048, 1.024, 0.512, 0.256, 0.256, 0.256];
/** 128 conversions a second. */
const CONVERT_MS = 7.8125;

/** An ADS1115 by its registers (data sheet SBAS444D, 9.6): conversions of one input against ground, with the busy bit. */
export function makeAds1115Model(clock: Clock, volts: Ads1115Model['volts']): Ads1115Model {
  const registers: Ads1115Model['registers'] = [...POWER_ON];
  let pointer = 0;
  let readyAt = 0;
  const convert = (config: number) => {
    const input = ((config >> 12) & 7) - 4;
    const full = FULL_SCALE[(config >> 9) & 7] ?? 2.048;
    const level = Math.round(((volts[input] ?? 0) / full) * 32_768);
    registers[0] = Math.max(-32_768, Math.min(32_767, level)) & 0xffff;
    readyAt = clock.mono() + CONVERT_MS;
  };
  return {
    volts,
    registers,
    reset: () => void registers.splice(0, 4, ...POWER_ON),
    write: ([register = 0, high, low = 0]) => {
      pointer = register & 3;
      if (high === undefined || pointer === 0) return;
      const value = high * 256 + low;
      registers[pointer] = value;
      if (pointer === 1 && (value & 0x8000) !== 0) convert(value);
    },
    read: (count) => {
      const stored = registers[pointer] ?? 0;
      const isBusy = clock.mono() < readyAt;
      const value = pointer === 1 ? (stored & 0x7fff) | (isBusy ? 0 : 0x8000) : stored;
      return Uint8Array.from({ length: count }, (_, index) => (index % 2 === 0 ? value >> 8 : value & 0xff));
    },
  };
}
