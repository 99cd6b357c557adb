import { Bus } from '../../src/bus/bus.ts';
import { type Props, textOf } from '../../src/bus/message.ts';
import { request } from '../../src/bus/request.ts';
import { type Journal, openJournal } from '../../src/mediator/journal.ts';
import { type Mediator, type MediatorBook, startMediator } from '../../src/mediator/mediator.ts';
import type { CommandAck, CommandText, Guards, WriteOrder, WriteResult } from '../../src/schemes/command.ts';
import type { DevicePlan, NodePlan } from '../../src/schemes/plan.ts';
import type { PointSpec, Points } from '../../src/schemes/point.ts';
import { plainText, type Value } from '../../src/schemes/reading.ts';
import { topics } from '../../src/schemes/topics.ts';
import { type FakeClock, makeFakeClock, settle } from '../fakes/clock.ts';
import { makeFakeLog } from '../fakes/log.ts';
import { FakeDisk } from '../state/log/fake-disk.ts';

export const NODE = 'kitchen';

/** One write that reached the hardware. */
export interface Act {
  readonly name: string;
  readonly value: Value;
  /** Monotonic ms. */
  readonly at: number;
  readonly deadline: number;
}

interface WriteWorld {
  readonly isAlive: () => boolean;
  readonly tell: (name: string, value: Value) => void;
}

/** Hardware that does as it is told, unless the test says otherwise. It outlives mediators. */
export class FakeHardware {
  readonly acts: Act[] = [];
  readonly values = new Map<string, Value>();
  /** What a write does instead: an answer, or one that comes later or never. */
  onWrite: (order: WriteOrder) => WriteResult | Promise<WriteResult> | undefined = () => undefined;
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  /** What a process had not finished when it died never happens. */
  async write(order: WriteOrder, world: WriteWorld): Promise<WriteResult> {
    const { device, point, value, deadline } = order;
    const name = `${device}.${point}`;
    const other = this.onWrite(order);
    if (other !== undefined) {
      const result = await other;
      if (!result.done || !world.isAlive()) return result;
    }
    this.acts.push({ name, value, at: this.#clock.mono(), deadline });
    this.values.set(name, value);
    world.tell(name, value);
    return { done: true, value };
  }
}

export const SWITCH: PointSpec = { type: 'boolean', settable: true };
export const HOUSE: Readonly<Record<string, Points>> = {
  pump: { state: SWITCH },
  lamp: { level: { type: 'number', unit: '%', range: [0, 100], settable: true }, state: SWITCH },
  blind: { up: SWITCH, down: SWITCH },
  shade: { up: SWITCH },
  awning: { out: SWITCH },
  gate: { open: { type: 'event', values: ['open', 'close'], settable: true, once: true, retain: false } },
  heater: { mode: { type: 'enum', values: ['off', 'eco', 'warm'], settable: true } },
  oled: { text: { type: 'text', settable: true }, raw: { type: 'json', settable: true } },
  air: { temperature: { type: 'number', unit: '°C' } },
};

/** Limits by device, or by `device.point`. */
export type GuardsByName = Readonly<Record<string, Guards>>;

export function planOf(guards: GuardsByName): NodePlan {
  const devices = Object.entries(HOUSE).map(([name, points]): DevicePlan => {
    const own = Object.keys(points).map((point) => [point, { guards: guards[`${name}.${point}`] ?? {} }]);
    return {
      ...{ name, kind: 'relay', at: 'sim', group: 'gpio', options: {}, origin: 'file' },
      points: Object.fromEntries(own),
      provenance: { source: 'test', why: 'test' },
      ...(guards[name] !== undefined && { guards: guards[name] }),
    };
  });
  return { node: NODE, publish: {}, devices };
}

export interface HomeOptions {
  readonly guards?: GuardsByName;
  readonly disk?: FakeDisk;
  readonly clock?: FakeClock;
  readonly hardware?: FakeHardware;
  readonly isTimeTrusted?: () => boolean;
  readonly evaluate?: (condition: string) => boolean | undefined;
  readonly scheme?: Partial<MediatorBook>;
  readonly bus?: Bus;
  /** What is published before the node knows its devices. */
  readonly beforePlan?: (bus: Bus) => void;
  /** The disk takes its time. */
  readonly beforeBegin?: () => Promise<void>;
  /** Counts the starts: each life has its own random numbers. */
  readonly life?: number;
}

export interface Ack extends CommandAck {
  readonly name: string;
  readonly at: number;
}

/** A mediator in a house, on a clock and a disk that the test owns. */
export interface Home {
  readonly bus: Bus;
  readonly clock: FakeClock;
  readonly disk: FakeDisk;
  readonly hardware: FakeHardware;
  readonly mediator: Mediator;
  readonly journal: Journal;
  readonly acks: Ack[];
  readonly lines: ReturnType<typeof makeFakeLog>['lines'];
  /** Acks without `accepted` and `running`, as `name st code`. */
  ends(): string[];
  acts(): string[];
  set(name: string, value: string, origin?: string): Promise<void>;
  cmd(name: string, command: CommandText & Readonly<Record<string, unknown>>, more?: CmdMore): Promise<void>;
  health(device: string, state: string): Promise<void>;
  reading(name: string, value: string): Promise<void>;
  ask(verb: string, args?: object): Promise<unknown>;
  guard(name: string): Record<string, unknown> | undefined;
  /** The same disk, clock and hardware after `kill -9` and a new start. */
  killed(more?: Partial<HomeOptions>): Promise<Home>;
}

export interface CmdMore {
  readonly origin?: string;
  readonly retain?: boolean;
  readonly props?: Props;
  readonly packet?: { readonly id: number; readonly dup: boolean };
  readonly plain?: boolean;
}

export async function openHome(options: HomeOptions = {}): Promise<Home> {
  const { guards = {}, disk = new FakeDisk(), clock = makeFakeClock(), isTimeTrusted, evaluate } = options;
  const { hardware = new FakeHardware(clock), scheme = {} } = options;
  const { log, lines } = makeFakeLog();
  const {
    bus = new Bus((error) => {
      throw error;
    }),
  } = options;
  const acks: Ack[] = [];
  bus.subscribe(
    topics.everyAck(NODE),
    (message) => {
      const [, , device, point] = message.topic.split('/');
      const ack: CommandAck = JSON.parse(textOf(message));
      acks.push({ ...ack, name: `${device}.${point}`, at: clock.mono() });
    },
    { origin: 'test' },
  );
  const journal = await openJournal({ path: '/data/journal', clock, log, random: () => 0.5, files: disk.files });
  const slow = {
    ...journal,
    begin: async (...args: Parameters<Journal['begin']>) => {
      await options.beforeBegin?.();
      await journal.begin(...args);
    },
  };
  const tell = (name: string, value: Value): void => {
    const [device = '', point = ''] = name.split('.');
    bus.publish({
      topic: topics.point(NODE, device, point),
      payload: plainText(value),
      retain: true,
      origin: 'publisher',
    });
  };
  let seed = 1 + (options.life ?? 0);
  const random = (): number => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  let isAlive = true;
  const mediator = startMediator({
    ...{ bus, node: NODE, clock, random, log, journal: slow },
    write: (order) =>
      isAlive ? hardware.write(order, { tell, isAlive: () => isAlive }) : new Promise(() => undefined),
    ...(evaluate !== undefined && { evaluate }),
    ...(isTimeTrusted !== undefined && { isTimeTrusted }),
  });
  if (options.beforePlan !== undefined) {
    options.beforePlan(bus);
    await settle();
  }
  mediator.apply(planOf(guards));
  mediator.applyBook({ groups: [], scenes: [], ...scheme });
  for (const [device, points] of Object.entries(HOUSE)) {
    const topic = topics.deviceMeta(NODE, device);
    bus.publish({ topic, payload: JSON.stringify({ kind: 'relay', points }), retain: true, origin: 'publisher' });
    bus.publish({ topic: topics.deviceState(NODE, device), payload: 'ready', retain: true, origin: 'publisher' });
  }
  await settle();
  const topicOf = (name: string, last: 'command' | 'set') => {
    const [device = '', point = ''] = name.split('.');
    return topics[last](NODE, device, point);
  };
  return {
    ...{ bus, clock, disk, hardware, mediator, journal, acks, lines },
    ends: () =>
      acks
        .filter(({ st }) => st !== 'accepted' && st !== 'running')
        .map(({ name, st, code }) => [name, st, code].filter((part) => part !== undefined).join(' ')),
    acts: () => hardware.acts.map(({ name, value }) => `${name}=${plainText(value)}`),
    async set(name, value, origin = 'mqtt:c1') {
      bus.publish({ topic: topicOf(name, 'set'), payload: value, origin });
      await settle(60);
    },
    async cmd(name, command, { origin = 'mqtt:c1', plain = false, ...more } = {}) {
      const payload = plain ? String(command.v) : JSON.stringify(command);
      bus.publish({ topic: topicOf(name, plain ? 'set' : 'command'), payload, origin, ...more });
      await settle(60);
    },
    async health(device, state) {
      bus.publish({ topic: topics.deviceState(NODE, device), payload: state, retain: true, origin: 'publisher' });
      await settle(60);
    },
    async reading(name, value) {
      const [device = '', point = ''] = name.split('.');
      bus.publish({ topic: topics.point(NODE, device, point), payload: value, retain: true, origin: 'publisher' });
      await settle(60);
    },
    ask: (verb, args = {}) =>
      request(bus, { node: NODE, verb, args: { ...args } }, { clock, origin: 'test', timeoutMs: 120_000 }),
    guard(name) {
      const [device = '', point = ''] = name.split('.');
      const page = bus.retainedAt(topics.guard(NODE, device, point));
      return page === undefined ? undefined : JSON.parse(textOf(page));
    },
    async killed(more = {}) {
      isAlive = false;
      const { bus: _, ...rest } = options;
      const life = (options.life ?? 0) + 1;
      return await openHome({ ...rest, clock, hardware, life, disk: disk.afterKill(), ...more });
    },
  };
}
