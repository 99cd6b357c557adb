/** Where a fact came from, so that a person can check it. */
export interface Provenance {
  /** The OS source: a path, a tool. */
  readonly source: string;
  /** Why this driver was chosen for it, in words. */
  readonly why: string;
}

/** One device that an agent found and that a driver can serve. */
export interface Found {
  /** Kind of the driver that serves it. */
  readonly kind: string;
  /** The name it gets unless a person or an earlier start gave it another: a valid name. */
  readonly name: string;
  /**
   * Its place, which is also its identity: the same over reboots and re-plugging, different for two alike devices.
   * Serial number or address before port, port before order: `1wire:28-0316a2794cff`, `hwmon:platform/coretemp.0`.
   */
  readonly at: string;
  /** Where the `up` screen lists it: `board`, `1-wire`, `i2c-1`, `usb`, `gpio` ... */
  readonly group: string;
  /** Options for the driver, as they would be written in YAML. */
  readonly options: Readonly<Record<string, unknown>>;
  /** A guess is read-only until a person adopts it. */
  readonly certainty: 'sure' | 'guess';
  readonly provenance: Provenance;
  /** What the agent already knows of it, one line: `Wi-Fi`, `ext4 on /`, `DS18B20 thermometer`. */
  readonly about?: string;
}

/** Something seen and not claimed, with the reason and, where there is one, the next step. */
export interface Seen {
  readonly group: string;
  /** What it is: `off`, `0x3c answers; probably an SSD1306 screen`, `26 free`. */
  readonly what: string;
  readonly source: string;
  readonly why: string;
  /** A command that would use or mend it. */
  readonly fix?: string;
  /** Code of the explained problem, when it is one. */
  readonly code?: string;
}

/** One agent's answer. */
export interface Report {
  readonly found: readonly Found[];
  readonly seen: readonly Seen[];
}
