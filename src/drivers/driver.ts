import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Fields, InputOf, OptionsOf } from '../schemes/fields.ts';
import type { Points } from '../schemes/point.ts';
import type { Quality, Value } from '../schemes/reading.ts';
import type { Ports } from './ports/ports.ts';

/** One value from a driver: alone when it is good, with its quality and the reason when it is doubtful. */
export type Sample =
  | Value
  | { readonly value?: Value; readonly quality: Exclude<Quality, 'stale' | 'manual'>; readonly why: string };

/** News of some or all points. A point left out has no news; its value stays. */
export type Samples<Name extends string> = { readonly [K in Name]?: Sample };

/**
 * An open device. It has `read` (the runner calls it on a schedule, one at a time, with a deadline) or `listen`
 * (it calls `emit` when there is news), never a timer, retry or queue of its own.
 * Errors it may throw: OptionsError (stop, tell the user), Unavailable (retry), Ended (close quietly).
 */
export interface OpenInput<Name extends string> {
  /** The points that this very device has; required when the definition's points are `found`. */
  readonly points?: Points;
  read?(signal: AbortSignal): Promise<Samples<Name>>;
  /** Resolves when listening has begun. After that, `fail` reports a broken device. */
  listen?(emit: (samples: Samples<Name>) => void, fail: (error: unknown) => void): Promise<void>;
  /**
   * Carries out one command: never called while another piece of work of this device runs. Resolves when the hardware
   * has taken it; what it gives back are the readings to publish, by default the value that was written. Throws
   * OptionsError when the value can never work, Unavailable when the device does not answer.
   */
  write?(command: WriteCommand<Name>, signal: AbortSignal): Promise<Samples<Name> | undefined>;
  /** May be called twice, and after a failed `open`. An output does not switch when it is closed. */
  close(): Promise<void>;
}

/** What an output has to do: the value fits the point's type, unit, range and words. */
export interface WriteCommand<Name extends string> {
  readonly point: Name;
  readonly value: Value;
}

/** What a driver may touch: ports, a signal that ends it, a log. Never the bus, the state or the node. */
export interface DriverContext {
  readonly ports: Ports;
  /** Aborts when the device is closed. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** To tell the time; a driver has no timers. */
  readonly clock: Pick<Clock, 'mono' | 'now'>;
  /** What its settable points must be from the first moment on, by the driver's names; `*` for those not named. */
  readonly initial: Readonly<Record<string, Value>>;
}

/** `experimental`: passes the contract suite; `stable`: seen on real hardware by two people. */
export type Level = 'experimental' | 'stable';

export interface InputDefinition<F extends Fields = Fields, P extends Points | 'found' = Points | 'found'> {
  /** Also the file name, the reference page and the word in YAML. */
  readonly kind: string;
  /** One sentence. */
  readonly summary: string;
  readonly level?: Level;
  readonly options: F;
  /** `found`: known only when the device is open, for kinds whose members differ (hwmon chips). */
  readonly points: P;
  /**
   * The points of a device with these options as a person wrote them, where `points` is `found` but the options tell:
   * for checking a scheme before anything is open. Undefined when the options make no sense.
   */
  pointsOf?(options: Readonly<Record<string, unknown>>): Points | undefined;
  /** How often it is worth reading, such as `5s`; the publish policy may ask for more. Absent for `listen`. */
  readonly every?: string;
  /** Longest that one read may take; default `5s`. */
  readonly deadline?: string;
  /** Options as a person would write them; a contract test opens and reads it. */
  readonly example: InputOf<F>;
  open(options: OptionsOf<F>, context: DriverContext): Promise<OpenInput<P extends Points ? keyof P & string : string>>;
}

/** A definition whose precise types are forgotten: what the catalogue and the runner handle. */
export interface InputDriver extends Omit<InputDefinition, 'open' | 'example'> {
  readonly example: Readonly<Record<string, unknown>>;
  // The options have passed the definition's own fields before; only that decoder may call this.
  open(options: never, context: DriverContext): Promise<OpenInput<string>>;
}

/**
 * An output driver: its file stands in `outputs/`, `write` of what it opens is required, and its settable points say so
 * (`settable: true`). It may read or listen too, where the hardware can tell its state.
 */
export function defineOutput<const F extends Fields, const P extends Points | 'found'>(
  definition: InputDefinition<F, P>,
): InputDefinition<F, P> {
  return definition;
}

/** Defines an input driver; the compiler checks its example against its options and its readings against its points. */
export function defineInput<const F extends Fields, const P extends Points | 'found'>(
  definition: InputDefinition<F, P>,
): InputDefinition<F, P> {
  return definition;
}
