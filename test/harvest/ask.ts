import type { Agent } from '../../src/harvest/agent.ts';
import { inTime } from '../contracts/input-driver.ts';
import { makeFakeLog } from '../fakes/log.ts';
import type { TreePorts } from '../fakes/tree-ports.ts';

/** What an agent says of a tree; an agent that hangs ends at the deadline. */
export const ask = async (agent: Agent, ports: TreePorts) =>
  await inTime(async () => await agent.interrogate({ ports, log: makeFakeLog().log }));

/** Name and identity of everything it finds. */
export const places = async (agent: Agent, ports: TreePorts) =>
  (await ask(agent, ports)).found.map(({ name, at }) => [name, at]);
