import type { ControlRequests } from '../schemes/control.ts';
import type { ReplayAnswer, RuleAnswer, RulesAnswer } from '../schemes/rule-contracts.ts';
import type { WhyAnswer } from '../schemes/why-contracts.ts';
import { type Door, expectAnswer } from './door.ts';
import type { Call } from './verb.ts';

/** A replay of a month takes its time. */
const REPLAY_MS = 60_000;
/** How long a node that runs may take to read its scheme again. */
const PATIENCE_MS = 5_000;

export async function askRules(door: Door): Promise<RulesAnswer> {
  return expectAnswer<RulesAnswer>(await door.ask('rules', {}), 'rules/1');
}

export async function askRule(door: Door, question: ControlRequests['rule']): Promise<RuleAnswer> {
  return expectAnswer<RuleAnswer>(await door.ask('rule', question), 'rule/1');
}

export async function askReplay(door: Door, question: ControlRequests['replay']): Promise<ReplayAnswer> {
  return expectAnswer<ReplayAnswer>(await door.ask('replay', question, REPLAY_MS), 'replay/1');
}

export async function askWhy(door: Door, name: string): Promise<WhyAnswer> {
  return expectAnswer<WhyAnswer>(await door.ask('why', { name }), 'why/1');
}

/** Waits until the node has taken up a changed file. The state of the rule; undefined: it does not have it now. */
export async function awaitRule(
  { world: { clock } }: Pick<Call, 'world'>,
  door: Door,
  { name, isThere }: { readonly name: string; readonly isThere: boolean },
): Promise<RulesAnswer['rules'][number]['state'] | undefined> {
  const until = clock.mono() + PATIENCE_MS;
  for (;;) {
    const found = (await askRules(door)).rules.find(({ rule }) => rule === name);
    if ((found !== undefined) === isThere || clock.mono() >= until) return found?.state;
    await new Promise<void>((resolve) => void clock.after(200, resolve));
  }
}
