import type { CameraPort } from './camera-shot.ts';
import type { GpioLinesPort } from './gpio-line.ts';
import type { I2cPort } from './i2c-bus.ts';
import type { PwmPort } from './pwm-channel.ts';
import type { SerialPort } from './serial-line.ts';

/** The hardware as drivers and harvest agents see it. Each port has a real form and a simulated one. */
export interface Ports {
  readonly camera: CameraPort;
  readonly files: FilesPort;
  readonly gpio: GpioPort;
  readonly i2c: I2cPort;
  /** Absent where nothing may be written, such as a recorded tree; a driver then reads the kernel's files itself. */
  readonly oneWire?: OneWirePort;
  readonly process: ProcessPort;
  readonly pwm: PwmPort;
  readonly serial: SerialPort;
  readonly timeSync: TimeSyncPort;
}

export interface Space {
  /** Bytes. */
  readonly size: number;
  readonly free: number;
  /** Free for an ordinary user, bytes. */
  readonly available: number;
}

/**
 * The kernel's files: /proc, /sys, /dev, /run, /etc, below a root that tests choose. Paths are absolute, as on the board.
 * A missing or unreadable file throws Unavailable with the path and the reason; `list`, `exists` and `link` answer empty.
 */
export interface FilesPort {
  /** The whole file as text, without the trailing newline and NUL bytes. At most 1 MB. */
  text(path: string, signal?: AbortSignal): Promise<string>;
  /** The same as bytes, for binary files such as EDID. */
  bytes(path: string, signal?: AbortSignal): Promise<Uint8Array>;
  /** The names in a directory, sorted; empty when it is not there. */
  list(path: string): Promise<readonly string[]>;
  exists(path: string): Promise<boolean>;
  /** True when this process may read it (a device node without the group says false). */
  readable(path: string): Promise<boolean>;
  /** The path with every symbolic link resolved, as on the board; undefined when it is not there. */
  link(path: string): Promise<string | undefined>;
  /** Space of the file system that holds the path. */
  space(path: string): Promise<Space>;
}

export interface GpioLine {
  readonly offset: number;
  /** `GPIO17`; empty when the kernel has no name for it. */
  readonly name: string;
  /** Who uses it; empty when free. */
  readonly consumer: string;
  readonly used: boolean;
  readonly direction: 'in' | 'out';
}

export interface GpioChip {
  /** `gpiochip0`: the order, which can change. */
  readonly device: string;
  /** `pinctrl-bcm2711`: the identity. */
  readonly label: string;
  readonly lines: readonly GpioLine[];
}

/** The chips, to be looked at. */
export interface GpioChipsPort {
  /** The lines of a chip, by the character device. Throws Unavailable (HB102 without permission, HB144 without FFI). */
  chip(device: string): Promise<GpioChip>;
}

export interface GpioPort extends GpioChipsPort, GpioLinesPort {}

export interface OneWirePort {
  /**
   * The text of `<device folder>/temperature`, m°C. Readers of one bus wait for each other; where the kernel can, all
   * thermometers of the bus measure at once. Throws Unavailable.
   */
  temperature(deviceFolder: string, signal: AbortSignal): Promise<string>;
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The programs that may be run. */
export type Program = 'fswebcam' | 'libcamera-still' | 'rpicam-still' | 'systemctl' | 'timedatectl' | 'vcgencmd';

export interface ProcessPort {
  /** Runs a program from the allow list by its arguments, never through a shell; 64 kB of output, 5 s at most. */
  run(program: Program, args: readonly string[], signal?: AbortSignal): Promise<Ran>;
}

export interface TimeSync {
  readonly synced: boolean;
  /** Estimated error of the clock in ms, when the kernel knows. */
  readonly errorMs?: number;
  /** Which source told: `kernel`, `timesyncd`, `chrony`. */
  readonly source: string;
}

export interface TimeSyncPort {
  /** Whether the clock of this machine is disciplined by a time source. */
  state(): Promise<TimeSync>;
}
