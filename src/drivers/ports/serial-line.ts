export interface SerialSettings {
  /** Bits per second, 8 data bits, no parity, one stop bit. */
  readonly baud: number;
}

export interface LineListener {
  /** A whole line without its end, at most 1 kB; longer ones are left out. */
  line(text: string): void;
  /** The port is gone: no more news. */
  fail(error: unknown): void;
}

export interface ByteListener {
  /** Bytes have come that nobody takes. Told again when more come. */
  waiting(): void;
  fail(error: unknown): void;
}

/** A serial port that belongs to one driver until it is closed. All methods throw Unavailable (HB106) when it is unplugged. */
export interface OpenSerial {
  write(bytes: Uint8Array): Promise<void>;
  /** Just so many bytes. Throws Unavailable HB143 when they do not come in time; what came stays. */
  take(count: number, withinMs: number): Promise<Uint8Array>;
  /** How many bytes have come and were not taken; at most 4 kB are kept, then the oldest are dropped. */
  waiting(): number;
  /** Throws away what has come. */
  flush(): void;
  /** Hears whole lines from now on. The first is left out when it may have begun before the port was opened. */
  lines(listener: LineListener): void;
  /** Hears of bytes that wait to be taken. */
  bytes(listener: ByteListener): void;
  /** May be called twice. */
  close(): Promise<void>;
}

export interface SerialPort {
  /** Opens `/dev/ttyUSB0` for this program alone. Throws Unavailable: HB102, HB104 when another has it, HB106 when it is not there. */
  open(path: string, settings: SerialSettings): Promise<OpenSerial>;
}
