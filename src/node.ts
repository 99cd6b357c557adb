import { Bus } from './bus/bus.ts';
import { serveRequests } from './bus/requests.ts';
import { AGENTS } from './harvest/agents.ts';
import { boardModel } from './harvest/board-model.ts';
import { makeCalmWriter } from './kit/calm-log.ts';
import { reasonOf } from './kit/errors.ts';
import { type Level, type Log, makeLog } from './kit/log.ts';
import type { LogWriter } from './kit/log-output.ts';
import { openApi } from './node/api-service.ts';
import { BoardClock } from './node/board-clock.ts';
import type { Setting } from './node/config-answer.ts';
import { type Harvest, startHarvestLoop } from './node/harvest-loop.ts';
import { logProblem } from './node/health.ts';
import { type Host, makeHost } from './node/host.ts';
import { CATALOGUE, type Drivers } from './node/kinds.ts';
import { Life, type NodeFacts } from './node/life.ts';
import { LogRing } from './node/log-ring.ts';
import { openMemory } from './node/memory.ts';
import { nodeName } from './node/node-name.ts';
import { openDoors } from './node/open-doors.ts';
import { startSchemeLoop } from './node/scheme-loop.ts';
import type { Environment } from './node/scheme-version.ts';
import { OTHER_VERBS, startServices } from './node/services.ts';
import { Stoppers } from './node/stoppers.ts';
import { nodeVerbs, statusOf, type VerbWorld } from './node/verbs.ts';
import type { DeviceAnswer, StatusAnswer } from './schemes/contracts.ts';
import { VERSION } from './schemes/version.ts';

export interface NodePaths {
  /** The main scheme file; it need not exist. */
  readonly config: string;
  readonly secrets: string;
  readonly data: string;
  readonly runtime: string;
}

export interface NodeOptions {
  readonly paths: NodePaths;
  readonly environment: Environment;
  readonly writeLog: LogWriter;
  readonly logLevel?: Level;
  /** Wins over the scheme and the host name. */
  readonly name?: string;
  /** Start-up settings for `config show --origin`. */
  readonly settings?: readonly Setting[];
  /** Default: this machine. */
  readonly host?: Host;
  /** Default: those of the catalogue. */
  readonly drivers?: Drivers;
}

/** One running hanbus. */
export interface RunningNode {
  readonly name: string;
  /** Resolves when every device that answers has given its first readings; a device that hangs is not waited for. */
  readonly firstReadings: Promise<void>;
  /** Resolves when the node has stopped, asked by `stop` or over the bus. */
  readonly stopped: Promise<void>;
  status(): StatusAnswer;
  list(): readonly DeviceAnswer[];
  harvest(): Harvest;
  /** Idempotent; within 2 s. */
  stop(): Promise<void>;
}

interface Foundation {
  readonly options: NodeOptions;
  readonly host: Host;
  readonly ring: LogRing;
  readonly log: Log;
  readonly stoppers: Stoppers;
}

/** Starts a node: memory, scheme, bus, broker, publisher, API, harvest, engine. The only place that wires services. */
export async function startNode(options: NodeOptions): Promise<RunningNode> {
  const { host = makeHost() } = options;
  const ring = new LogRing();
  const log = makeLog(makeCalmWriter(ring.tee(options.writeLog)), options.logLevel ?? 'info', () => host.clock.now());
  const stoppers = new Stoppers(host.clock, log);
  try {
    return await run(await openCore({ options, host, ring, log, stoppers }));
  } catch (error) {
    await stoppers.stop();
    throw error;
  }
}

/** What all services stand on. */
async function openCore(foundation: Foundation) {
  const { options, host, log, stoppers } = foundation;
  const { paths, environment, drivers = CATALOGUE } = options;
  const { clock } = host;
  const memory = await openMemory(paths.data, clock, log);
  stoppers.add('memory', () => memory.close());
  const { config: main, secrets } = paths;
  const schemes = await startSchemeLoop({
    main,
    secrets,
    environment,
    kinds: () => drivers.allKinds(),
    lastGood: memory.lastGood,
    data: paths.data,
    clock,
    log,
  });
  const node = nodeName({
    ...{ flag: options.name, environment },
    scheme: schemes.current.scheme.node.name,
    host: host.name,
  });
  const bus = new Bus((error, filter) =>
    log.error('a listener on the bus failed', { filter, reason: reasonOf(error) }),
  );
  const opened = await openDoors(
    { node, bus, clock, log, stoppers, dataFolder: paths.data, hostName: host.name },
    schemes.current.scheme.broker,
  );
  const boardClock = new BoardClock({ timeSync: host.ports.timeSync, clock, log });
  const { short: board } = await boardModel(host.ports.files);
  const started = clock.now();
  const facts = (): NodeFacts => ({ version: VERSION, board, epoch: memory.epoch, started, time: boardClock.quality });
  return { ...foundation, ...opened, drivers, memory, schemes, node, bus, boardClock, facts };
}

type Core = Awaited<ReturnType<typeof openCore>>;

/** The life of the node on the bus, and its door for the command line. */
async function openLife(core: Core) {
  const { bus, node, facts, stoppers, boardClock } = core;
  await boardClock.start(() => life.tell(facts()));
  stoppers.add('board clock', () => boardClock.stop());
  const life = new Life(bus, node, facts());
  stoppers.add('last words', () => life.become('disconnected'));
  return { life, apiProblems: await openApi(core) };
}

async function run(core: Core): Promise<RunningNode> {
  const { bus, node, host, log, schemes, doors, facts, stoppers, options, ring, memory } = core;
  const { clock, ports } = host;
  const { life, apiProblems } = await openLife(core);
  // Who comes in is heard: a command that the broker takes has somebody who answers it.
  const services = await startServices({ ...core, ...host, data: options.paths.data });
  await doors.apply(schemes.current.scheme.broker, schemes.current.environment);
  const { publisher, planner } = services;
  const harvest = await startHarvestLoop({
    ...{ agents: AGENTS, ports, clock, log: log.child({ service: 'harvest' }) },
    onChange: (found) => planner.apply(found),
  });
  stoppers.add('harvest', () => harvest.stop());
  schemes.watch(() => applyScheme(core, () => planner.apply(harvest.latest)));
  stoppers.add('schemes', () => schemes.stop());
  const stop = () => stoppers.stop();
  const { paths, settings = [] } = options;
  const world: VerbWorld = {
    ...{ node, bus, clock, facts, state: () => life.state, paths: { ...paths }, settings, ring, memory, schemes },
    ...{
      planner,
      publisher,
      broker: core.broker,
      outbox: core.outbox,
      doors,
      apiProblems,
      services,
      harvest: () => harvest,
      stop: () => void stop(),
    },
  };
  const verbs = nodeVerbs(world);
  stoppers.add('verbs', serveRequests({ bus, node, origin: 'node', verbs, log, othersAnswer: OTHER_VERBS }));
  life.become('ready');
  return {
    name: node,
    firstReadings: publisher.firstReadings,
    stopped: stoppers.stopped,
    ...{ status: () => statusOf(world), list: () => publisher.list(), harvest: () => harvest.latest, stop },
  };
}

/** Throws when the node cannot run it; the loop then goes back to the one before and calls again. */
async function applyScheme({ schemes, doors, log }: Core, replan: () => Promise<void>): Promise<void> {
  const { scheme, environment, problems, isOlder } = schemes.current;
  for (const problem of problems) logProblem(log, problem);
  if (isOlder) return log.error('the scheme has errors; the version before it runs on');
  await doors.apply(scheme.broker, environment);
  await replan();
  log.info('the scheme was applied', { problems: problems.length });
}
