import type { Edge } from '../ports/gpio-line.ts';

export interface Moment {
  /** Wall time, ms since 1970. */
  readonly now: number;
  /** Monotonic ms. */
  readonly mono: number;
}

/** 1 kWh in watts times milliseconds. */
const KWH = 3_600_000_000;

/** Counts the pulses of a meter. Power is that between the last two; while the next is late, it can be no more than the wait allows. */
export class PulseCount {
  readonly #perKwh: number;
  #pulses = 0;
  #today = 0;
  #day: string;
  /** The kernel's time of the last pulse, and when we heard of it. */
  #last: { readonly atMs: number; readonly mono: number } | undefined;
  #intervalMs: number | undefined;

  constructor(perKwh: number, now: number) {
    this.#perKwh = perKwh;
    this.#day = dayOf(now);
  }

  edge({ active, atMs, lost }: Edge, { now, mono }: Moment): void {
    if (!active) return;
    this.#turn(now);
    // Of the changes that the kernel had no room for, every other one was a pulse.
    const pulses = 1 + Math.floor(lost / 2);
    this.#pulses += pulses;
    this.#today += pulses;
    if (this.#last !== undefined && atMs > this.#last.atMs) this.#intervalMs = (atMs - this.#last.atMs) / pulses;
    this.#last = { atMs, mono };
  }

  /** W and kWh; no power before the second pulse. */
  reading({ now, mono }: Moment) {
    this.#turn(now);
    const energy = this.#pulses / this.#perKwh;
    const today = this.#today / this.#perKwh;
    if (this.#last === undefined || this.#intervalMs === undefined) return { energy, energy_today: today };
    const intervalMs = Math.max(this.#intervalMs, mono - this.#last.mono);
    return { energy, energy_today: today, power: KWH / this.#perKwh / intervalMs };
  }

  /** Midnight has passed. */
  #turn(now: number): void {
    const day = dayOf(now);
    if (day !== this.#day) this.#today = 0;
    this.#day = day;
  }
}

/** The day where the board stands. */
function dayOf(now: number): string {
  return new Date(now).toDateString();
}
