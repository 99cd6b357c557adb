/** One channel of a chip that makes pulses by itself. */
export interface PwmChannel {
  /** Hz with equal halves; 0 is silence. Throws Unavailable. */
  play(hz: number): Promise<void>;
  /** Hz now. */
  playing(): Promise<number>;
  /** Leaves it as it is. May be called twice. */
  close(): Promise<void>;
}

export interface PwmPort {
  /** `pwmchip0:1` is channel 1 of the first chip; it begins silent. Throws OptionsError for what is no such place, Unavailable. */
  open(place: string): Promise<PwmChannel>;
}
