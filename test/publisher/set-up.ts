import { Bus } from '../../src/bus/bus.ts';
import { type Message, textOf } from '../../src/bus/message.ts';
import type { InputDriver } from '../../src/drivers/driver.ts';
import { type PublisherOptions, startPublisher } from '../../src/publisher/publisher.ts';
import type { DevicePlan, NodePlan } from '../../src/schemes/plan.ts';
import type { Document } from '../../src/state/document.ts';
import { makeFakeClock } from '../fakes/clock.ts';
import { makeFakeLog } from '../fakes/log.ts';

export function planOf(name: string, kind: string, more: Partial<DevicePlan> = {}): DevicePlan {
  return {
    name,
    kind,
    at: `sim:${name}`,
    group: 'board',
    options: {},
    points: {},
    provenance: { source: 'test', why: 'the test wants it' },
    origin: 'harvest',
    ...more,
  };
}

/** A document in memory. */
export function makeDocument(value?: unknown): Document<unknown> & { value: unknown } {
  const document = {
    value,
    writable: true,
    written: { times: 0, bytes: 0 },
    set: (next: unknown) => {
      document.value = JSON.parse(JSON.stringify(next));
    },
    flush: async () => undefined,
    close: async () => undefined,
  };
  return document;
}

/** How the timers of a machine can behave: by name, how many ms they run too late. The publisher must not care. */
export const TIMERS: readonly (readonly [name: string, lateMs: number])[] = [
  ['timers on time', 0],
  ['timers 3 ms late', 3],
  ['timers 0.6 ms early', -0.6],
];

interface SetUpOptions extends Partial<PublisherOptions> {
  /** Default 0: on time. */
  readonly lateMs?: number;
}

/** A publisher on a virtual clock, with everything that it puts on the bus written down. */
export function setUp(drivers: Record<string, InputDriver>, { lateMs = 0, ...more }: SetUpOptions = {}) {
  const clock = makeFakeClock(undefined, { lateMs });
  const start = clock.mono();
  const { log, lines } = makeFakeLog();
  const errors: unknown[] = [];
  const bus = new Bus((error) => void errors.push(error));
  const heard: { at: number; message: Message }[] = [];
  bus.subscribe('#', (message) => void heard.push({ at: clock.mono() - start, message }), { origin: 'test' });
  const overrides = makeDocument();
  const publisher = startPublisher({
    bus,
    clock,
    random: () => 0,
    log,
    node: 'kitchen',
    epoch: 7,
    ports: {} as PublisherOptions['ports'],
    driverOf: async (kind) => drivers[kind],
    decodeOptions: (_fields, raw) => ({ options: raw as Record<string, unknown>, problems: [] }),
    overrides,
    ...more,
  });
  /** What was put on topics that end so: time since the start and text. */
  const told = (ending: string): [number, string][] =>
    heard
      .filter(({ message }) => message.topic.endsWith(ending))
      .map(({ at, message }) => [Math.round(at), textOf(message)]);
  const apply = async (devices: DevicePlan[], publish: NodePlan['publish'] = {}) => {
    const done = publisher.apply({ node: 'kitchen', publish, devices });
    await clock.advance(0);
    return done;
  };
  const ask = async (topic: string, payload: string, message: Partial<Message> = {}) => {
    const before = heard.length;
    bus.publish({ topic: `hanbus/kitchen/${topic}`, payload, origin: 'mqtt:1', ...message });
    await clock.advance(0);
    const answers = heard.slice(before).filter((one) => one.message.topic.includes('$res/'));
    return answers.map((one) => JSON.parse(textOf(one.message)));
  };
  const retained = (topic: string) => {
    const message = bus.retainedAt(`hanbus/kitchen/${topic}`);
    return message === undefined ? undefined : textOf(message);
  };
  return { apply, ask, bus, clock, errors, heard, lines, overrides, publisher, retained, told };
}
