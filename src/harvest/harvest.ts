import { type Clock, makeSystemClock } from '../kit/clock.ts';
import { withDeadline } from '../kit/deadline.ts';
import { HanbusError, reasonOf, Unavailable } from '../kit/errors.ts';
import type { Report } from '../schemes/found.ts';
import type { Agent, AgentWorld } from './agent.ts';
import { tidy } from './tidy.ts';

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

export type AskAgents = (agents: readonly Agent[], world: HarvestWorld) => Promise<Harvested>;

/**
 * Asks all agents at once, again and again. Each is on its own: one that throws or hangs becomes a seen line, and a
 * log line when that begins; the others are not disturbed. One that still hangs from an earlier round is not asked
 * anew. Never throws; a round takes 5 s at most.
 */
export function makeHarvest(): AskAgents {
  const hanging = new Set<Agent>();
  const broken = new Set<Agent>();
  return async (agents, world) => {
    const failed = new Set<string>();
    const fail = (agent: Agent, error: unknown): Report => {
      const code = error instanceof HanbusError ? error.code : 'HB100';
      if (!broken.has(agent)) world.log.error('a harvest agent failed', { agent: agent.name, code, error });
      broken.add(agent);
      failed.add(agent.name);
      return failureReport(agent, reasonOf(error), code);
    };
    const ask = async (agent: Agent): Promise<Report> => {
      if (hanging.has(agent)) return fail(agent, new Unavailable('it still hangs', { code: 'HB143' }));
      try {
        const report = tidy(await inTime(agent, world, hanging));
        if (broken.delete(agent)) world.log.info('a harvest agent answers again', { agent: agent.name });
        return report;
      } catch (error) {
        return fail(agent, error);
      }
    };
    const answers = agents.map(async (agent) => [agent.name, await ask(agent)] as const);
    return { reports: new Map(await Promise.all(answers)), failed };
  };
}

/** One round of `makeHarvest`. */
export const runHarvest: AskAgents = async (agents, world) => await makeHarvest()(agents, world);

async function inTime(agent: Agent, world: HarvestWorld, hanging: Set<Agent>): Promise<Report> {
  const { clock = makeSystemClock(), log, ports } = world;
  const work = async () => {
    hanging.add(agent);
    try {
      return await agent.interrogate({ ports, log });
    } finally {
      hanging.delete(agent);
    }
  };
  return await withDeadline(clock, DEADLINE_MS, work);
}

function failureReport({ name }: Agent, reason: string, code: string): Report {
  const why = `the agent ${name} failed: ${reason}`;
  return tidy({ found: [], seen: [{ group: 'board', what: `${name} unknown`, source: name, why, code }] });
}
