/** What one run of a case found, by the key of its column. */
export type Row = Readonly<Record<string, number>>;

export interface Column {
  readonly key: string;
  readonly title: string;
}

/** What we aim at: a figure of ours, or its ratio with another broker's. */
export interface Goal {
  readonly text: string;
  readonly key: string;
  /** `mosquitto/hanbus`, `nats/hanbus`: how many times less ours is. `hanbus/mosquitto`: how many times more. `hanbus`, `node`: itself. */
  readonly of: 'mosquitto/hanbus' | 'nats/hanbus' | 'hanbus/mosquitto' | 'hanbus' | 'node';
  readonly least?: number;
  readonly most?: number;
}

export interface Case {
  readonly name: string;
  readonly text: string;
  readonly columns: readonly Column[];
  readonly goals: readonly Goal[];
}
