/** What a point can carry: a number, a word or text, on/off, or a JSON structure. */
export type Value = number | string | boolean | { readonly [key: string]: unknown } | readonly unknown[];

/**
 * How far a reading can be trusted. `good`; `uncertain`: the sensor itself doubts it; `bad`: known to be wrong,
 * so the value shown is the last good one; `stale`: no news within three periods; `manual`: set by a person.
 */
export type Quality = 'good' | 'stale' | 'uncertain' | 'bad' | 'manual';

const QUALITIES: ReadonlySet<unknown> = new Set<Quality>(['bad', 'good', 'manual', 'stale', 'uncertain']);

/** Of what was parsed or stored; it does not look into structures. */
export function isValue(value: unknown): value is Value {
  return value !== null && ['boolean', 'number', 'object', 'string'].includes(typeof value);
}

export function isQuality(word: unknown): word is Quality {
  return QUALITIES.has(word);
}

export interface Reading {
  readonly value: Value;
  /** UCUM-like unit as shown to people: `°C`, `%`, `MB`. */
  readonly unit?: string;
  /** Source time, ms since 1970; absent while the clock of the node is not trusted. */
  readonly time?: number;
  readonly quality: Quality;
  /** Why the quality is not good, in words. */
  readonly why?: string;
  /** Counts the starts of the owner. */
  readonly epoch: number;
  /** Counts the owner's changes within the epoch: (epoch, sequence) orders readings without a clock. */
  readonly sequence: number;
}

/** A value as the plain MQTT payload: `21.5`, `on`, `Hello`, JSON for structures. An empty text is one NUL byte. */
export function plainText(value: Value): string {
  if (typeof value === 'string') return value === '' ? '\u0000' : value;
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'number') return String(value);
  return JSON.stringify(value);
}

/** The JSON form of `.../$v`. */
export function envelope(reading: Reading): string {
  const { value: v, unit: u, time: t, quality: q, why, epoch: e, sequence: s } = reading;
  return JSON.stringify({ v, u, t, q, why, e, s });
}
