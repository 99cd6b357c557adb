import type { PointSpec } from '../../schemes/point.ts';

export interface IioType {
  /** The name of the point. */
  readonly word: string;
  /** From the unit of the kernel's ABI to `spec.unit`. */
  readonly scale: number;
  readonly spec: PointSpec & { readonly decimals: number };
}

type Facts = Omit<PointSpec, 'type' | 'decimals'> & { readonly decimals: number };

const type = (word: string, scale: number, facts: Facts): IioType => ({
  word,
  scale,
  spec: { type: 'number', ...facts },
});

/**
 * Channel types of the kernel's Documentation/ABI/testing/sysfs-bus-iio, with the unit of the ABI in front. A type that
 * is not here has no unit in the ABI, or belongs to a converter output, a counter or a gesture.
 */
export const IIO_TYPES: Readonly<Record<string, IioType>> = {
  // m/s²
  accel: type('acceleration', 1, { unit: 'm/s²', range: [-2000, 2000], decimals: 2, deadband: 0.1 }),
  // rad
  angl: type('angle', 1, { unit: 'rad', range: [-7, 7], decimals: 3 }),
  // rad/s
  anglvel: type('rotation', 1, { unit: 'rad/s', range: [-100, 100], decimals: 3, deadband: 0.02 }),
  // nF
  capacitance: type('capacitance', 1, { unit: 'nF', range: [0, 1e9], decimals: 3 }),
  // %
  concentration: type('concentration', 10_000, { unit: 'ppm', range: [0, 1e6], decimals: 0 }),
  // mA
  current: type('current', 1e-3, { unit: 'A', range: [-1000, 1000], decimals: 3, deviceClass: 'current' }),
  // m
  distance: type('distance', 1, { unit: 'm', range: [0, 1000], decimals: 3, deviceClass: 'distance' }),
  // S/m
  electricalconductivity: type('conductivity', 1, { unit: 'S/m', range: [0, 1e6], decimals: 4 }),
  // m/s²
  gravity: type('gravity', 1, { unit: 'm/s²', range: [-20, 20], decimals: 2, deadband: 0.1 }),
  // m%
  humidityrelative: type('humidity', 1e-3, { unit: '%', range: [0, 100], decimals: 1, deviceClass: 'humidity' }),
  // lx
  illuminance: type('illuminance', 1, { unit: 'lx', range: [0, 200_000], decimals: 1, deviceClass: 'illuminance' }),
  // °
  incli: type('inclination', 1, { unit: '°', range: [-360, 360], decimals: 1 }),
  // none
  intensity: type('intensity', 1, { about: 'light, without a unit', range: [0, 1e9], decimals: 0 }),
  // G
  magn: type('magnetic', 1, { unit: 'G', range: [-1000, 1000], decimals: 3, deadband: 0.02 }),
  // ug/m³
  massconcentration: type('dust', 1, { unit: 'µg/m³', range: [0, 100_000], decimals: 1 }),
  // none
  ph: type('ph', 1, { about: 'acidity', range: [0, 14], decimals: 2, deviceClass: 'ph' }),
  // mW
  power: type('power', 1e-3, { unit: 'W', range: [-10_000, 10_000], decimals: 3, deviceClass: 'power' }),
  // kPa
  pressure: type('pressure', 10, { unit: 'hPa', range: [0, 20_000], decimals: 2, deviceClass: 'pressure' }),
  // none: larger is nearer
  proximity: type('proximity', 1, { about: 'larger is nearer, without a unit', range: [0, 1e9], decimals: 0 }),
  // Ω
  resistance: type('resistance', 1, { unit: 'Ω', range: [0, 1e9], decimals: 1 }),
  // m°C
  temp: type('temperature', 1e-3, { unit: '°C', range: [-273.15, 1800], decimals: 2, deviceClass: 'temperature' }),
  // none
  uvindex: type('uv_index', 1, { about: 'ultraviolet index', range: [0, 50], decimals: 1 }),
  // mV
  voltage: type('voltage', 1e-3, { unit: 'V', range: [-1000, 1000], decimals: 4, deviceClass: 'voltage' }),
};
