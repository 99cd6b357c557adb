import { describe, expect, test } from 'vitest';
import { compensate, parseCalibration, parseRaw } from '../../../src/drivers/parse/bme280.ts';

/** The worked example of data sheet BST-BMP280-DS001, 3.12: the formulas are those of the BME280. */
const EXAMPLE = {
  t: [27_504, 26_435, -1_000],
  p: [36_477, -10_685, 3_024, 2_855, 140, -7, 15_500, -14_600, 6_000],
  h: [75, 362, 0, 313, 50, 30],
} as const;

/** The same humidity in 32-bit whole numbers, as the data sheet BST-BME280-DS002 writes it in 4.2.3; % times 1024. */
function wholeHumidity(raw: number, fine: number, [h1, h2, h3, h4, h5, h6]: readonly number[] = EXAMPLE.h): number {
  const big = (value: number | undefined) => BigInt(value ?? 0);
  const warm = big(fine) - 76_800n;
  const left = ((big(raw) << 14n) - (big(h4) << 20n) - big(h5) * warm + 16_384n) >> 15n;
  const inner = (((warm * big(h6)) >> 10n) * (((warm * big(h3)) >> 11n) + 32_768n)) >> 10n;
  const right = ((inner + 2_097_152n) * big(h2) + 8_192n) >> 14n;
  let value = left * right;
  value -= ((((value >> 15n) * (value >> 15n)) >> 7n) * big(h1)) >> 4n;
  if (value < 0n) value = 0n;
  if (value > 419_430_400n) value = 419_430_400n;
  return Number(value >> 12n);
}

describe('BME280', () => {
  test('temperature and pressure are those of the example', () => {
    const { temperature, pressure } = compensate(EXAMPLE, {
      temperature: 519_888,
      pressure: 415_148,
      humidity: 0x8000,
    });
    expect(temperature).toBeCloseTo(25.08, 2);
    expect(pressure).toBeCloseTo(1006.5327, 2);
  });

  test.each([20_000, 25_000, 28_500, 32_000, 36_000, 45_000, 65_535])(
    'humidity of %i is that of the whole-number formula',
    (raw) => {
      const { humidity = -1 } = compensate(EXAMPLE, { temperature: 519_888, pressure: 415_148, humidity: raw });
      expect(humidity).toBeCloseTo(wholeHumidity(raw, 128_422) / 1_024, 1);
    },
  );

  test('what was not measured is left out', () => {
    const raw = parseRaw(Uint8Array.of(0x80, 0, 0, 0x80, 0, 0, 0x80, 0));
    expect(compensate(EXAMPLE, raw)).toEqual({ temperature: undefined, pressure: undefined, humidity: undefined });
  });

  test('raw numbers are 20, 20 and 16 bits', () => {
    expect(parseRaw(Uint8Array.of(0x65, 0x5a, 0xc0, 0x7e, 0xed, 0x00, 0x6f, 0x54))).toEqual({
      pressure: 0x655ac,
      temperature: 0x7eed0,
      humidity: 0x6f54,
    });
  });

  test('calibration is read with its signs and its shared byte', () => {
    const low = new Uint8Array(26);
    const view = new DataView(low.buffer);
    view.setUint16(0, 65_535, true);
    view.setInt16(4, -1_000, true);
    view.setUint16(6, 36_477, true);
    view.setInt16(22, -6_000, true);
    low[25] = 75;
    const high = Uint8Array.of(0x6a, 0x01, 0x00, 0xff, 0x25, 0x83, 0xe2);
    expect(parseCalibration(low, high)).toEqual({
      t: [65_535, 0, -1_000],
      p: [36_477, 0, 0, 0, 0, 0, 0, 0, -6_000],
      h: [75, 362, 0, -11, -1_998, -30],
    });
  });
});
