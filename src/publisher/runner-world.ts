import type { DriverContext, InputDriver, OpenInput } from '../drivers/driver.ts';
import type { Log } from '../kit/log.ts';
import type { Decoded } from '../schemes/decode.ts';
import type { Fields } from '../schemes/fields.ts';
import type { DevicePlan } from '../schemes/plan.ts';
import type { Value } from '../schemes/reading.ts';
import type { Health } from './health.ts';
import type { SharedClock } from './shared-clock.ts';

export interface RunnerWorld {
  readonly clock: SharedClock;
  /** This device's own stream. */
  readonly random: () => number;
  readonly log: Log;
  readonly ports: DriverContext['ports'];
  driverOf(kind: string): Promise<InputDriver | undefined>;
  decodeOptions(fields: Fields, raw: unknown): Decoded;
  /** What settable points of a device must be from the first moment on, by their published names. */
  initialOf(device: string): Readonly<Record<string, Value>>;
}

/** The device that a runner runs. */
export interface RunnerHost {
  readonly plan: DevicePlan;
  readonly health: Health;
  /** It is open; throws OptionsError when the plan does not fit it. */
  onOpen(input: OpenInput<string>, driver: InputDriver): void;
  /** What the driver read; throws when it is no set of samples. */
  onRead(samples: unknown): void;
  /** Points that it has are not among these samples. */
  leavesOut(samples: unknown): boolean;
  onEmit(samples: unknown): void;
  /** The hardware has taken a value; `samples` is what the driver says of its points now. */
  onWritten(key: string, value: Value, samples: unknown): void;
  /** What settable points must be when the device opens, by the driver's names. */
  readonly initial: Readonly<Record<string, Value>>;
  /** The first attempt to get anything from it is over, well or not. */
  onTried(): void;
  /** How often its points want to be read; ms. */
  periodMs(driver: InputDriver): number;
}
