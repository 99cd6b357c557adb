import type { Machine } from './machine.ts';

const MOST_ECHOES = 256;
const MOST_CHAIN = 16;

/** Where a rule listens to this topic, too: what it starts has this rule in its history. */
export function rememberEcho(machine: Machine, rule: string, topic: string, chain: readonly string[]): void {
  if (machine.topics.match(topic).length === 0) return;
  const { echoes } = machine;
  if (echoes.size >= MOST_ECHOES && !echoes.has(topic)) echoes.clear();
  const longer = chain.includes(rule) ? chain : [...chain, rule].slice(-MOST_CHAIN);
  echoes.set(topic, { at: machine.kit.now.mono, chain: longer });
}
