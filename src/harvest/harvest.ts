import { type Clock, makeSystemClock } from '../kit/clock.ts';
import { withDeadline } from '../kit/deadline.ts';
import { HanbusError, reasonOf } from '../kit/errors.ts';
import type { Report } from '../schemes/found.ts';
import type { Agent, AgentWorld } from './agent.ts';

/** Longest that one agent may take, ms. */
const DEADLINE_MS = 5_000;

export interface HarvestWorld extends AgentWorld {
  /** Default: the clock of this machine. */
  readonly clock?: Clock;
}

export interface Harvested {
  readonly reports: ReadonlyMap<string, Report>;
  /** Agents that did not answer this time: what they found before may well still be there. */
  readonly failed: ReadonlySet<string>;
}

/**
 * Asks all agents at once. Each is on its own: one that throws, hangs or answers nonsense becomes a seen line and a
 * log line, and the others are not disturbed. Never throws; takes 5 s at most.
 */
export async function runHarvest(agents: readonly Agent[], world: HarvestWorld): Promise<Harvested> {
  const failed = new Set<string>();
  const answers = agents.map(async (agent) => {
    const report = await reportOf(agent, world, () => failed.add(agent.name));
    return [agent.name, report] as const;
  });
  return { reports: new Map(await Promise.all(answers)), failed };
}

async function reportOf(agent: Agent, world: HarvestWorld, onFailure: () => void): Promise<Report> {
  const { clock = makeSystemClock(), log, ports } = world;
  try {
    return await withDeadline(clock, DEADLINE_MS, async () => await agent.interrogate({ ports, log }));
  } catch (error) {
    onFailure();
    const code = error instanceof HanbusError ? error.code : 'HB100';
    log.error('a harvest agent failed', { agent: agent.name, code, error });
    const why = `the agent ${agent.name} failed: ${reasonOf(error)}`;
    return { found: [], seen: [{ group: 'board', what: `${agent.name} unknown`, source: agent.name, why, code }] };
  }
}
