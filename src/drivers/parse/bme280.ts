/** The correction of one chip, made when it was tested. Names as in the data sheet. */
export interface Bme280Calibration {
  /** dig_T1 to dig_T3. */
  readonly t: readonly [number, number, number];
  /** dig_P1 to dig_P9. */
  readonly p: readonly number[];
  /** dig_H1 to dig_H6. */
  readonly h: readonly number[];
}

/** Raw numbers of one measurement; 0x80000 (20 bits) and 0x8000 (16 bits) mean that it was not measured. */
export interface Bme280Raw {
  readonly temperature: number;
  readonly pressure: number;
  readonly humidity: number;
}

/** Registers 0x88..0xa1 and 0xe1..0xe7. Source: data sheet BST-BME280-DS002, table 16. */
export function parseCalibration(low: Uint8Array, high: Uint8Array): Bme280Calibration {
  const at = new DataView(low.buffer, low.byteOffset, low.byteLength);
  const above = new DataView(high.buffer, high.byteOffset, high.byteLength);
  const signed = (index: number) => at.getInt16(index, true);
  const middle = above.getInt8(4);
  return {
    t: [at.getUint16(0, true), signed(2), signed(4)],
    p: [at.getUint16(6, true), ...[8, 10, 12, 14, 16, 18, 20, 22].map(signed)],
    h: [
      at.getUint8(25),
      above.getInt16(0, true),
      above.getUint8(2),
      above.getInt8(3) * 16 + (middle & 0x0f),
      above.getInt8(5) * 16 + ((middle >> 4) & 0x0f),
      above.getInt8(6),
    ],
  };
}

/** Registers 0xf7..0xfe. */
export function parseRaw(bytes: Uint8Array): Bme280Raw {
  const byte = (index: number) => bytes[index] ?? 0;
  const wide = (index: number) => byte(index) * 4_096 + byte(index + 1) * 16 + (byte(index + 2) >> 4);
  return { pressure: wide(0), temperature: wide(3), humidity: byte(6) * 256 + byte(7) };
}

/** °C, hPa and %; undefined where nothing was measured. Source: the same data sheet, appendix A, in double precision. */
export function compensate({ t, p, h }: Bme280Calibration, raw: Bme280Raw) {
  const fine = fineTemperature(t, raw.temperature);
  return {
    temperature: raw.temperature === 0x80000 ? undefined : fine / 5_120,
    pressure: raw.pressure === 0x80000 ? undefined : pascal(p, raw.pressure, fine) / 100,
    humidity: raw.humidity === 0x8000 ? undefined : percent(h, raw.humidity, fine),
  };
}

function fineTemperature([t1, t2, t3]: Bme280Calibration['t'], raw: number): number {
  const from1 = raw / 16_384 - t1 / 1_024;
  const from2 = raw / 131_072 - t1 / 8_192;
  return from1 * t2 + from2 * from2 * t3;
}

function pascal(terms: readonly number[], raw: number, fine: number): number {
  const [p1 = 0, p2 = 0, p3 = 0, p4 = 0, p5 = 0, p6 = 0, p7 = 0, p8 = 0, p9 = 0] = terms;
  const half = fine / 2 - 64_000;
  const offset = (half * half * p6) / 32_768 + half * p5 * 2;
  const scale = (1 + ((p3 * half * half) / 524_288 + p2 * half) / 524_288 / 32_768) * p1;
  if (scale === 0) return Number.NaN;
  const rough = ((1_048_576 - raw - (offset / 4 + p4 * 65_536) / 4_096) * 6_250) / scale;
  return rough + ((p9 * rough * rough) / 2_147_483_648 + (rough * p8) / 32_768 + p7) / 16;
}

function percent(terms: readonly number[], raw: number, fine: number): number {
  const [h1 = 0, h2 = 0, h3 = 0, h4 = 0, h5 = 0, h6 = 0] = terms;
  const warm = fine - 76_800;
  const slope = (h2 / 65_536) * (1 + (h6 / 67_108_864) * warm * (1 + (h3 / 67_108_864) * warm));
  const straight = (raw - (h4 * 64 + (h5 / 16_384) * warm)) * slope;
  return Math.min(100, Math.max(0, straight * (1 - (h1 * straight) / 524_288)));
}
