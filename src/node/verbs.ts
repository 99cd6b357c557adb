import type { Broker } from '../broker/broker.ts';
import type { Bus } from '../bus/bus.ts';
import type { Verb } from '../bus/requests.ts';
import type { Clock } from '../kit/clock.ts';
import { HanbusError } from '../kit/errors.ts';
import { outboxAnswer } from '../outbox/outbox-answer.ts';
import type { Publisher } from '../publisher/publisher.ts';
import type { InfoAnswer, ScanAnswer, StatusAnswer } from '../schemes/contracts.ts';
import type { ControlRequests } from '../schemes/control.ts';
import type { Problem } from '../schemes/problem.ts';
import { VERSION } from '../schemes/version.ts';
import { residentMb, scanAnswer, statusAnswer } from './answers.ts';
import { brokerAnswer } from './broker-answers.ts';
import { clientAnswer, clientsAnswer, kickAnswer } from './client-answers.ts';
import { configAnswer, type Setting } from './config-answer.ts';
import type { Doors } from './doors.ts';
import type { HarvestLoop } from './harvest-loop.ts';
import { deviceProblems, placed, seenProblems } from './health.ts';
import type { OutboxKeeper } from './keep-outbox.ts';
import type { NodeFacts, NodeState } from './life.ts';
import type { LogRing } from './log-ring.ts';
import type { Memory } from './memory.ts';
import type { Planner } from './planner.ts';
import type { SchemeLoop } from './scheme-loop.ts';
import { schemeVerbs } from './scheme-verbs.ts';
import type { Services } from './services.ts';
import { withRules } from './with-rules.ts';

/** Everything the node's own verbs look at. */
export interface VerbWorld {
  readonly node: string;
  readonly bus: Bus;
  readonly broker: Broker;
  readonly clock: Clock;
  readonly facts: () => NodeFacts;
  readonly state: () => NodeState;
  readonly paths: InfoAnswer['paths'];
  readonly settings: readonly Setting[];
  readonly ring: LogRing;
  readonly memory: Memory;
  readonly schemes: SchemeLoop;
  readonly planner: Planner;
  readonly publisher: Publisher;
  readonly doors: Doors;
  readonly services: Services;
  readonly outbox: OutboxKeeper;
  readonly apiProblems: () => readonly Problem[];
  readonly harvest: () => HarvestLoop;
  readonly stop: () => void;
}

/** The verbs that the node itself answers; the publisher answers list, read, publish and undo. */
export function nodeVerbs(world: VerbWorld): Readonly<Record<string, Verb>> {
  const { node, schemes, planner, harvest } = world;
  return {
    ...schemeVerbs({ node, schemes, devicesOf: (scheme) => planner.planOf(scheme, harvest().latest) }),
    broker: (args) => brokerVerb(world, args),
    kick: (args) => kickAnswer(clientsPlace(world), textArg(args, 'client')),
    config: async () => configAnswer(world.settings, world.schemes.current.loaded, world.publisher.liveSettings()),
    info: async () => infoOf(world),
    outbox: async () => outboxAnswer(world.node, await world.outbox.get()),
    logs: async (args) => world.ring.answer(logArgs(args)),
    scan: () => scan(world),
    status: async () => statusOf(world),
    stop: async () => {
      world.clock.after(50, world.stop);
      return { stopping: true };
    },
  };
}

/** Everything wrong with the node now, worst first as listed by its sources. */
export function problemsOf({
  schemes,
  planner,
  doors,
  publisher,
  memory,
  services,
  apiProblems,
  harvest,
}: VerbWorld): Problem[] {
  const { loaded } = schemes.current;
  const ofRules = placed(services.rules.problems(), loaded);
  return [
    ...withRules(schemes.current.problems, ofRules),
    ...schemes.notes(),
    ...placed(planner.problems, loaded),
    ...doors.problems,
    ...apiProblems(),
    ...memory.problems(),
    ...services.remembered.problems(),
    ...deviceProblems(publisher.list()),
    ...seenProblems(harvest().latest.seen),
  ];
}

export function statusOf(world: VerbWorld): StatusAnswer {
  const { node, clock, doors, publisher, schemes } = world;
  const { version, board, epoch, started } = world.facts();
  const { devices, points, sentPerMinute } = publisher.counts();
  const { loaded, appliedAt, problems } = schemes.current;
  const engine = doors.engine;
  return statusAnswer(
    {
      name: node,
      self: true,
      state: world.state(),
      version,
      board,
      epoch,
      uptimeMs: clock.now() - started,
      devices,
      points,
      sentPerMinute,
      memoryMb: residentMb(),
      listeners: [...doors.listeners],
      ...(engine === undefined ? {} : { engine }),
      flash: world.services.remembered.flash.summary(),
      scheme: { files: [...loaded.files], appliedAt, problems: problems.length },
    },
    problemsOf(world),
  );
}

function infoOf({ node, facts, paths }: VerbWorld): InfoAnswer {
  const { board } = facts();
  return {
    hanbus: 'info/1',
    version: VERSION,
    runtime: `Node ${process.versions.node}`,
    board,
    node,
    running: true,
    paths,
  };
}

async function scan({ node, harvest, memory, planner }: VerbWorld): Promise<ScanAnswer> {
  const before = planner.plan.devices;
  const seen = await harvest().scan();
  return scanAnswer(node, seen, memory.names.value ?? {}, [before, planner.plan.devices]);
}

async function brokerVerb(world: VerbWorld, args: unknown) {
  const { view, sort, like, limit } = argsOf(args);
  if (view === 'client') return await clientAnswer(clientsPlace(world), textArg(args, 'client'));
  if (view === 'clients') {
    return await clientsAnswer(clientsPlace(world), {
      ...(typeof like === 'string' ? { like } : {}),
      ...(typeof sort === 'string' ? { sort } : {}),
      ...(typeof limit === 'number' && limit >= 0 ? { limit } : {}),
    });
  }
  const { node, broker, doors, bus, schemes } = world;
  const { limits: wanted = {} } = schemes.current.scheme.broker;
  return await brokerAnswer({
    ...{ node, broker, listeners: doors.listeners, retained: bus.counts.retained, wanted },
  });
}

function clientsPlace({ node, broker, clock }: VerbWorld) {
  return { node, broker, now: clock.now() };
}

/** Throws HB158 when it is missing. */
function textArg(args: unknown, name: string): string {
  const value = argsOf(args)[name];
  if (typeof value === 'string') return value;
  throw new HanbusError('HB158', `the request needs "${name}", a text`, { fix: `{"${name}": "..."}` });
}

function argsOf(args: unknown): Readonly<Record<string, unknown>> {
  return typeof args === 'object' && args !== null ? { ...args } : {};
}

function logArgs(args: unknown): ControlRequests['logs'] {
  if (typeof args !== 'object' || args === null) return {};
  const { after, level, source, limit } = args as Readonly<Record<string, unknown>>;
  return {
    ...(typeof after === 'number' ? { after } : {}),
    ...(typeof level === 'string' ? { level } : {}),
    ...(typeof source === 'string' ? { source } : {}),
    ...(typeof limit === 'number' ? { limit } : {}),
  };
}
