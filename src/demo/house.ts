/** The simulated house at one moment; all from the time alone, so every run of a day is the same. */
export interface House {
  /** °C. */
  readonly outside: number;
  readonly kitchen: number;
  readonly fridge: number;
  readonly processor: number;
  /** %. */
  readonly humidity: number;
  readonly battery: number;
  /** hPa. */
  readonly pressure: number;
  /** lx at the kitchen window. */
  readonly light: number;
  /** Work of the board, 0..1. */
  readonly work: number;
  readonly isOnBattery: boolean;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** `now` in ms since 1970; the day of the house is the UTC day. */
export function houseAt(now: number): House {
  const hour = (now % DAY_MS) / HOUR_MS;
  const outside = 9 + 6 * wave(hour, 15) + 1.2 * noise(now, 900_000, 1);
  const cooking = bump(hour, 7.5, 0.5) + 1.6 * bump(hour, 18.5, 0.9);
  const kitchen = 19.5 + 1.4 * wave(hour, 17) + 2.2 * cooking + 0.15 * noise(now, 120_000, 2);
  const door = noise(now, 1_800_000, 3) > 0.7 ? 1.5 : 0;
  const work = Math.min(1, 0.12 + 0.5 * Math.max(0, noise(now, 45_000, 4)) ** 2 + 0.25 * bump(hour, 3, 0.3));
  const isOnBattery = isPowerCut(now);
  return {
    outside,
    kitchen,
    fridge: 4 + 0.9 * Math.sin((now / (38 * 60_000)) * 2 * Math.PI) + door + 0.1 * noise(now, 60_000, 5),
    processor: 41 + 18 * work + 0.5 * noise(now, 20_000, 6) + 0.3 * (kitchen - 20),
    humidity: 47 + 14 * cooking - 2 * wave(hour, 15) + noise(now, 300_000, 7),
    pressure: 1_012 + 7 * Math.sin((now / (5 * DAY_MS)) * 2 * Math.PI) + 0.4 * noise(now, HOUR_MS, 8),
    light:
      Math.max(0, 9_000 * Math.max(0, wave(hour, 13) - 0.1) * (0.8 + 0.2 * noise(now, 240_000, 9))) +
      (isLampOn(hour) ? 180 : 0.5),
    work,
    battery: isOnBattery ? 97 - ((now % HOUR_MS) / 60_000) * 0.8 : 100,
    isOnBattery,
  };
}

/** 1 at `peak` o'clock, -1 twelve hours away. */
function wave(hour: number, peak: number): number {
  return Math.cos(((hour - peak) / 24) * 2 * Math.PI);
}

/** A bell of height 1 around `at` o'clock. */
function bump(hour: number, at: number, width: number): number {
  return Math.exp(-(((hour - at) / width) ** 2));
}

function isLampOn(hour: number): boolean {
  return (hour >= 6.5 && hour < 8) || (hour >= 17 && hour < 23);
}

/** A cut of ten minutes in the third hour of the night. */
function isPowerCut(now: number): boolean {
  const minute = (now % DAY_MS) / 60_000;
  return minute >= 170 && minute < 180;
}

/** Smooth noise between -1 and 1 that changes over `periodMs`; `seed` tells one quantity from another. */
export function noise(now: number, periodMs: number, seed: number): number {
  const at = now / periodMs;
  const whole = Math.floor(at);
  const part = at - whole;
  const ease = part * part * (3 - 2 * part);
  return hashed(whole, seed) * (1 - ease) + hashed(whole + 1, seed) * ease;
}

/** A fixed pseudo-random number in -1..1 (integer hash of Wang's kind). */
function hashed(index: number, seed: number): number {
  let bits = (index ^ (seed * 0x9e3779b1)) >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x45d9f3b) >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x45d9f3b) >>> 0;
  return ((bits ^ (bits >>> 16)) >>> 0) / 0x7fffffff - 1;
}
