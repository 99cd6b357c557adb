import type { ControlRequests } from '../schemes/control.ts';
import type { ReplayAnswer, RuleAnswer, RulesAnswer } from '../schemes/rule-contracts.ts';
import type { WhyAnswer } from '../schemes/why-contracts.ts';
import { type Door, expectAnswer } from './door.ts';

/** A replay of a month takes its time. */
const REPLAY_MS = 60_000;

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
