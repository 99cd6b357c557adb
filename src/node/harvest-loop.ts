import type { Agent, AgentWorld } from '../harvest/agent.ts';
import { type Harvested, makeHarvest } from '../harvest/harvest.ts';
import type { Cancel, Clock } from '../kit/clock.ts';
import type { Found, Report, Seen } from '../schemes/found.ts';

/** Everything that all agents say now. */
export interface Harvest {
  readonly found: readonly Found[];
  readonly seen: readonly Seen[];
}

export interface HarvestLoop {
  readonly latest: Harvest;
  /** Asks every agent now; what differs is told to `onChange` first. */
  scan(): Promise<Harvest>;
  stop(): void;
}

export interface HarvestLoopWorld extends AgentWorld {
  readonly agents: readonly Agent[];
  readonly clock: Clock;
  /** Called after a harvest in which devices came, went or changed. */
  onChange(harvest: Harvest): Promise<void>;
}

/** USB and 1-Wire appear within 5 s, everything else within a minute. */
const HOT_PLUG_MS = 5_000;
const ALL_MS = 60_000;

/** Runs the agents over and over, one round at a time. */
export async function startHarvestLoop(world: HarvestLoopWorld): Promise<HarvestLoop> {
  const { agents, clock } = world;
  const askAgents = makeHarvest();
  const hotPlug = agents.filter((agent) => agent.hotPlug === true);
  let reports: ReadonlyMap<string, Report> = new Map();
  let round: Promise<unknown> = Promise.resolve();
  let cancel: Cancel = () => undefined;
  let lastAll = clock.mono();
  let stopped = false;

  const ask = async (some: readonly Agent[]): Promise<void> => {
    const before = placesOf(reports);
    const answers = await askAgents(some, world);
    reports = new Map([...reports, ...withEarlier(answers, reports)]);
    if (!stopped && placesOf(reports) !== before) await world.onChange(merged(reports));
  };
  /** Rounds never overlap; a failed one does not stop the next. */
  const enqueue = (some: readonly Agent[]): Promise<void> => {
    const next = round.then(() => ask(some));
    round = next.catch((error: unknown) => world.log.error('harvest failed', { error }));
    return next;
  };
  const again = (): void => {
    if (stopped) return;
    cancel = clock.after(HOT_PLUG_MS, () => {
      const isAll = clock.mono() - lastAll >= ALL_MS;
      if (isAll) lastAll = clock.mono();
      void enqueue(isAll ? agents : hotPlug).then(again, again);
    });
  };

  await enqueue(agents);
  again();
  return {
    get latest() {
      return merged(reports);
    },
    async scan() {
      await enqueue(agents);
      return merged(reports);
    },
    stop() {
      stopped = true;
      cancel();
    },
  };
}

/** What an agent found before stays while it cannot answer; its failure is seen. */
function* withEarlier(
  { reports, failed }: Harvested,
  earlier: ReadonlyMap<string, Report>,
): Generator<[string, Report]> {
  for (const [name, report] of reports) {
    const found = failed.has(name) ? (earlier.get(name)?.found ?? []) : report.found;
    yield [name, { found, seen: report.seen }];
  }
}

function merged(reports: ReadonlyMap<string, Report>): Harvest {
  const all = [...reports.values()];
  return { found: all.flatMap(({ found }) => found), seen: all.flatMap(({ seen }) => seen) };
}

function placesOf(reports: ReadonlyMap<string, Report>): string {
  return JSON.stringify(merged(reports).found.map(({ at, kind, options }) => [at, kind, options]));
}
