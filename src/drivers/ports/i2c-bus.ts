/** One address on an I2C bus. */
export interface I2cPlace {
  /** `i2c-1`. */
  readonly bus: string;
  /** 0x08 to 0x77. */
  readonly address: number;
}

/** A chip on a bus. Transfers of one bus run one after the other, whoever asks. */
export interface I2cDevice {
  /**
   * Writes, then reads `count` bytes, as one transfer with a repeated start; without `bytes` or without `count` only the
   * other half. Throws Unavailable: HB105 when nothing answers, HB143 when the bus hangs.
   */
  transfer(bytes: readonly number[], count?: number, signal?: AbortSignal): Promise<Uint8Array>;
  /** Gives the chip time to work. Ends at once when the signal aborts. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  /** May be called twice. */
  close(): Promise<void>;
}

export interface I2cPort {
  /** The buses that drivers may use, in order: `i2c-1`. */
  buses(): Promise<readonly string[]>;
  /** Does not touch the chip. Throws Unavailable: HB101 without the bus, HB102 without permission, HB104 when the kernel has it. */
  open(place: I2cPlace): Promise<I2cDevice>;
}
