import type { Bus } from '../bus/bus.ts';
import type { DriverContext, InputDriver } from '../drivers/driver.ts';
import type { Clock } from '../kit/clock.ts';
import { reasonOf } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { Write } from '../schemes/command.ts';
import type { Decoded } from '../schemes/decode.ts';
import type { Fields } from '../schemes/fields.ts';
import type { NodePlan } from '../schemes/plan.ts';
import type { Value } from '../schemes/reading.ts';
import type { Document } from '../state/document.ts';
import type { DeviceReport } from './answers.ts';
import { notWritable } from './carry-out.ts';
import { DescriptorBook } from './descriptor-book.ts';
import { envelopeSource } from './envelopes.ts';
import { Fleet } from './fleet.ts';
import { OverrideBook } from './override-book.ts';
import type { Outlet } from './point-output.ts';
import { PolicyControl } from './policy-control.ts';
import { RateMeter } from './rate-meter.ts';
import { answerRequests, listDevices } from './requests.ts';
import { SharedClock } from './shared-clock.ts';

export interface PublisherOptions {
  readonly bus: Bus;
  readonly clock: Clock;
  /** 0 <= x < 1. */
  readonly random: () => number;
  readonly log: Log;
  readonly node: string;
  /** Counts the starts of this node. */
  readonly epoch: number;
  readonly ports: DriverContext['ports'];
  /** The driver of a kind, loaded when first asked for. */
  readonly driverOf: (kind: string) => Promise<InputDriver | undefined>;
  readonly decodeOptions: (fields: Fields, raw: unknown) => Decoded;
  /** Policies changed at run time, kept over restarts. */
  readonly overrides: Document<unknown>;
  /** What devices looked like when they were last open: one that is away at the start then shows its points. */
  readonly descriptors?: Document<unknown>;
  /** What settable points of a device must be from the first moment on, by their published names; default: nothing. */
  readonly initialOf?: (device: string) => Readonly<Record<string, Value>>;
  /** False while nobody has set the clock; readings then carry no time. Default: true. */
  readonly isTimeTrusted?: () => boolean;
}

export interface PublisherCounts {
  readonly devices: number;
  readonly points: number;
  /** Plain values put on the bus, since the start and in the last minute. */
  readonly sent: number;
  readonly sentPerMinute: number;
  /** Readings of floods that newer ones replaced. */
  readonly merged: number;
  /** Samples that broke the contract of their driver. */
  readonly refused: number;
}

/** One effective value that was changed at run time, for `config`. */
export interface LiveSetting {
  readonly key: string;
  readonly value: unknown;
  readonly origin: 'run time';
}

export interface Publisher {
  /** Runs just these devices. What did not change goes on untouched; resolves when the others are being opened. */
  apply(plan: NodePlan): Promise<void>;
  /** Resolves when each device of the first plan has given a reading or has failed to. */
  readonly firstReadings: Promise<void>;
  /** Within a second, whatever the drivers do. Idempotent. */
  stop(): Promise<void>;
  list(glob?: string): DeviceReport[];
  /** Writes a value to a device; its new state is on the bus before this resolves. Never rejects. */
  readonly write: Write;
  counts(): PublisherCounts;
  liveSettings(): LiveSetting[];
}

/** Runs input drivers, brings their readings to the bus by the publish policies, and answers control topics. */
export function startPublisher(options: PublisherOptions): Publisher {
  const { bus, node, overrides } = options;
  const log = options.log.child({ service: 'publisher' });
  const clock = new SharedClock(options.clock, (error) => {
    const stack = error instanceof Error ? error.stack : undefined;
    log.error('hanbus has a bug', { code: 'HB100', reason: reasonOf(error), stack });
  });
  const outlet = makeOutlet(options, clock);
  const book = new OverrideBook(overrides, () => clock.now());
  const descriptors = new DescriptorBook(options.descriptors);
  const { initialOf = () => ({}) } = options;
  const fleet = new Fleet({ ...options, initialOf, log, clock, outlet, book, descriptors });
  const shared = { bus, node, log, book, deviceOf: (name: string) => fleet.device(name) };
  const control = new PolicyControl(shared);
  const world = { ...shared, clock, control, devices: () => fleet.devices };
  const ends = [control.listen(), answerRequests(world), bus.addRetainedSource(envelopeSource(() => fleet.devices))];
  return {
    apply: (plan) => fleet.apply(plan),
    firstReadings: fleet.firstReadings,
    async stop() {
      for (const end of ends.splice(0)) end();
      await fleet.stop();
      clock.stop();
    },
    write: async (order) =>
      (await fleet.device(order.device)?.write(order)) ?? notWritable(`${order.device}.${order.point}`),
    list: (glob) => listDevices(world, glob).devices,
    counts: () => {
      const { devices, points, merged, refused } = fleet.counts;
      const { sent } = outlet;
      return { devices, points, merged, refused, sent: sent.total, sentPerMinute: sent.perMinute(clock.mono()) };
    },
    liveSettings: () => settingsOf(book),
  };
}

function makeOutlet({ bus, node, epoch, isTimeTrusted = () => true }: PublisherOptions, clock: Clock): Outlet {
  let sequence = 0;
  const nextSequence = () => {
    sequence += 1;
    return sequence;
  };
  return { bus, clock, node, epoch, sent: new RateMeter(), nextSequence, isTimeTrusted };
}

function settingsOf(book: OverrideBook): LiveSetting[] {
  return book.all.flatMap(([name, text]) => {
    const [device = '', point = ''] = name.split('.');
    return Object.entries(text).map(([key, value]): LiveSetting => {
      return { key: `devices.${device}.points.${point}.publish.${key}`, value, origin: 'run time' };
    });
  });
}
