export type PointType = 'number' | 'boolean' | 'text' | 'enum' | 'json' | 'event';

const TYPES: Readonly<Record<PointType, true>> = {
  boolean: true,
  enum: true,
  event: true,
  json: true,
  number: true,
  text: true,
};

export function isPointType(word: unknown): word is PointType {
  return typeof word === 'string' && Object.hasOwn(TYPES, word);
}

/** What is known of a point for ever: its type, unit and limits. `$meta` carries it. */
export interface PointSpec {
  readonly type: PointType;
  /** One short phrase for people. */
  readonly about?: string;
  /** Required for numbers that have one: `°C`, `%`, `MB`, `kB/s`. */
  readonly unit?: string;
  /** Smallest and largest value that can be true; outside it a reading is `bad`. Same unit as `unit`. */
  readonly range?: readonly [number, number];
  /** The words an `enum` can say. */
  readonly values?: readonly string[];
  /** Decimals worth publishing; default 2 for numbers. */
  readonly decimals?: number;
  /** Home Assistant device class, where one fits. */
  readonly deviceClass?: string;
  /** `total_increasing` counts up and may start again from 0; `measurement` is the default for numbers. */
  readonly stateClass?: 'measurement' | 'total' | 'total_increasing';
  /** Facts about the device itself rather than the home: load, memory, signal. */
  readonly diagnostic?: boolean;
  /** False for events, which must not be repeated to a late subscriber. Default true. */
  readonly retain?: boolean;
  /** It takes commands. Default false. */
  readonly settable?: boolean;
  /** Each command is an act of its own (ring, open the gate): mode `once` unless the sender says otherwise. */
  readonly once?: boolean;
  /** Smallest change worth telling, absolute; default: 1 % of the value. */
  readonly deadband?: number;
}

export type Points = Readonly<Record<string, PointSpec>>;
