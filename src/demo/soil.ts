export interface SoilTime {
  /** ms of real time: the pump works in it. */
  readonly realMs: number;
  /** ms in the time of the house: the sun works in it. */
  readonly houseMs: number;
  readonly isPumping: boolean;
}

/** % per hour of the house, and per second of the pump. */
const [DRYING, PUMPING] = [2.5, 2];
/** The probe's volts in water and in dry soil. */
const [WET_VOLTS, DRY_VOLTS] = [1.2, 2.6];
const HOUR_MS = 3_600_000;

/** Moisture of the bed in %, after so much time. */
export function soilAfter(moisture: number, { realMs, houseMs, isPumping }: SoilTime): number {
  const dried = moisture - (DRYING * houseMs) / HOUR_MS;
  const wetted = dried + (isPumping ? (PUMPING * realMs) / 1_000 : 0);
  return Math.min(92, Math.max(8, wetted));
}

/** What a capacitive probe says: less is wetter. */
export function soilVolts(moisture: number): number {
  return DRY_VOLTS + ((WET_VOLTS - DRY_VOLTS) * moisture) / 100;
}
