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

/**
 * Asks all agents at once. Each is on its own: one that throws, hangs or answers nonsense becomes a seen line and a
 * log line, and the others are not disturbed. Never throws; takes 5 s at most.
 */
export async function runHarvest(
  agents: readonly Agent[],
  world: HarvestWorld,
): Promise<{ readonly reports: ReadonlyMap<string, Report> }> {
  const answers = agents.map(async (agent) => [agent.name, await reportOf(agent, world)] as const);
  return { reports: new Map(await Promise.all(answers)) };
}

async function reportOf(agent: Agent, world: HarvestWorld): Promise<Report> {
  const { clock = makeSystemClock(), log, ports } = world;
  try {
    return await withDeadline(clock, DEADLINE_MS, async () => await agent.interrogate({ ports, log }));
  } catch (error) {
    const code = error instanceof HanbusError ? error.code : 'HB100';
    log.error('a harvest agent failed', { agent: agent.name, code, error });
    const why = `the agent ${agent.name} failed: ${reasonOf(error)}`;
    return { found: [], seen: [{ group: 'board', what: `${agent.name} unknown`, source: agent.name, why, code }] };
  }
}
