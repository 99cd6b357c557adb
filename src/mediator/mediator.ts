import type { Bus } from '../bus/bus.ts';
import { serveRequests } from '../bus/requests.ts';
import { type Clock, sleep } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Write } from '../schemes/command.ts';
import type { NodePlan } from '../schemes/plan.ts';
import type { Value } from '../schemes/reading.ts';
import type { Group, Scene } from '../schemes/rules/rule.ts';
import { Admission } from './admission.ts';
import { Crowd } from './crowd.ts';
import { Desk, type DeskCounts } from './desk.ts';
import { Devices } from './devices.ts';
import { GuardBook } from './guard-book.ts';
import { IdBook } from './id-book.ts';
import { openIntake } from './intake.ts';
import type { Journal } from './journal.ts';
import { PacketBook } from './packet-book.ts';
import { resume } from './resume.ts';
import { Targets } from './targets.ts';
import { Trail } from './trail.ts';
import { mediatorVerbs } from './verbs.ts';

export interface MediatorOptions {
  readonly bus: Bus;
  readonly node: string;
  readonly clock: Clock;
  /** 0 <= x < 1. */
  readonly random: () => number;
  readonly log: Log;
  readonly write: Write;
  /** Just opened; closed by whoever opened it, after `stop`. */
  readonly journal: Journal;
  /** Whether a condition of the rule language holds now; undefined: nobody knows. For `only_if`. */
  readonly evaluate?: (condition: string) => boolean | undefined;
  /** Whether the wall clock is right. Default: it is. */
  readonly isTimeTrusted?: () => boolean;
}

/** What can be commanded beside points. */
export interface MediatorBook {
  readonly groups: readonly Group[];
  readonly scenes: readonly Scene[];
}

export interface MediatorCounts {
  /** Commands since the start by what became of them. */
  readonly commands: DeskCounts;
  /** Accepted ones without an outcome. */
  readonly open: number;
  /** Ids that are remembered. */
  readonly ids: number;
  /** What went to the disk since the start, for the flash budget. */
  readonly written: Journal['written'];
}

export interface Mediator {
  /** Takes the limits of a plan; what waits and the states of points go on. Before the first one all are refused. */
  apply(plan: NodePlan): void;
  applyBook(book: MediatorBook): void;
  /** What settable points of a device must be from the first moment on, by their published names. */
  initialOf(device: string): Readonly<Record<string, Value>>;
  counts(): MediatorCounts;
  /** Ends what waits, gives what runs a second. Idempotent. */
  stop(): Promise<void>;
}

const ORIGIN = 'mediator';
const STOP_MS = 1_000;
const STEP_MS = 20;

/** Takes commands off the bus, guards them, writes them down, has them carried out, tells what became of them. */
export function startMediator(options: MediatorOptions): Mediator {
  const { bus, node, clock, log, journal } = options;
  const parts = makeParts(options);
  const { desk, devices, guards, ids, packets, targets, trail, admission, freshId } = parts;
  resume({ clock, log, journal, ids, desk, packets, trail });
  const refuse = admission.refuse.bind(admission);
  const submit = targets.submit.bind(targets);
  const dryRun = targets.dryRun.bind(targets);
  // From the first moment on: what the broker has taken must have an end.
  const ends = [openIntake({ bus, node, log, origin: ORIGIN, packets, freshId, submit, refuse })];
  let hasPlan = false;
  const open = (): void => {
    hasPlan = true;
    devices.known.start();
    const verbWorld = { node, clock, known: devices.known, freshId, submit, dryRun };
    ends.push(serveRequests({ bus, node, origin: ORIGIN, log, verbs: mediatorVerbs(verbWorld, trail) }));
  };
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    admission.close();
    for (const end of ends.splice(0)) end();
    guards.stop();
    devices.stop();
    targets.stop();
    const until = clock.mono() + STOP_MS;
    while (devices.open > 0 && clock.mono() < until) await sleep(clock, STEP_MS);
    trail.flush();
  };
  return {
    applyBook: ({ groups, scenes }) => targets.apply(groups, scenes),
    apply(plan) {
      devices.known.expect(new Set(plan.devices.map(({ name }) => name)));
      guards.apply(plan);
      if (!hasPlan && stopping === undefined) open();
    },
    initialOf: (device) => guards.initialOf(device),
    counts: () => ({ commands: desk.counts, open: devices.open, ids: ids.size, written: journal.written }),
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}

function makeParts({
  bus,
  node,
  clock,
  random,
  log,
  write,
  journal,
  evaluate,
  isTimeTrusted = () => true,
}: MediatorOptions) {
  const common = { bus, node, clock, log, journal, origin: ORIGIN };
  const ids = new IdBook(({ id, isOnce }) => void (isOnce && journal.forget(id)));
  const trail = new Trail(journal, clock);
  const desk = new Desk({ ...common, ids, trail });
  const freshId = () => [0, 0, 0, 0].map(() => Math.floor(random() * 2 ** 32).toString(36)).join('');
  const guards: GuardBook = new GuardBook({
    ...{ ...common, evaluate },
    isReady: (device) => devices.isReady(device),
    order: ({ device, point }, { kind, value, by, ttlMs }) =>
      admission.submit({
        ...{ id: freshId(), isNamed: false, device, point, origin: ORIGIN, kind, isMember: true },
        wish: { v: value, ttlMs, by, mode: 'set' },
      }),
    onChange: () => devices.pump(),
  });
  const devices: Devices = new Devices({ ...common, desk, guards, write });
  const admission: Admission = new Admission({
    ...{ clock, desk, guards, ids, isTimeTrusted, known: devices.known, crowd: new Crowd({ clock, guards }) },
    laneOf: (device) => devices.laneOf(device),
  });
  const targets = new Targets({ ...common, admission, ids, desk, valueNow: (name) => guards.valueNow(name) });
  return { desk, devices, guards, ids, packets: new PacketBook(), targets, trail, admission, freshId };
}
