/** One line of a GPIO chip that a driver wants for itself. Values are logical: `true` is active, whatever the level. */
export interface LineRequest {
  /** `gpio17` (or `GPIO17`, any name the kernel gives a line), or `gpiochip1:5` by chip and offset. */
  readonly line: string;
  readonly direction: 'in' | 'out';
  /**
   * What an output is from its first moment on; it never shows another value in between. `keep` (default): what it is now
   * if it is an output already, else inactive.
   */
  readonly initial?: boolean | 'keep';
  /** Active means low. */
  readonly activeLow?: boolean;
  /** The resistor inside the chip. Default: as it is. */
  readonly bias?: 'down' | 'none' | 'up';
  /** Changes that do not last so long are not told; the kernel filters them. */
  readonly debounceMs?: number;
  /** Tells changes to `watch`. */
  readonly edges?: boolean;
}

/** A change of a line. */
export interface Edge {
  readonly active: boolean;
  /** The kernel's own monotonic time of the change, ms; only differences mean something. */
  readonly atMs: number;
  /** Changes that the kernel had no room for, just before this one. */
  readonly lost: number;
}

export interface LineWatcher {
  edge(edge: Edge): void;
  /** The line has been active for `afterMs`. Told once for each time it becomes active. */
  readonly still?: { readonly afterMs: number; hear(): void };
  /** The line is gone: no more news. */
  fail(error: unknown): void;
}

/** A line that belongs to one driver until it is closed. All methods throw Unavailable when the chip is gone. */
export interface OpenLine {
  /** What the line is now; for an output what it drives. */
  read(): Promise<boolean>;
  write(active: boolean): Promise<void>;
  /** Hears the changes from now on; needs `edges`. One watcher for each line. */
  watch(watcher: LineWatcher): void;
  /** Gives the line back, as it is. May be called twice. */
  close(): Promise<void>;
}

export interface GpioLinesPort {
  /** Throws OptionsError when there is no such line, Unavailable when it is used (HB104) or may not be opened (HB102). */
  request(request: LineRequest): Promise<OpenLine>;
}
