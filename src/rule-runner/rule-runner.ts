import type { PathProblem } from '../schemes/path-problem.ts';
import type { RulesText } from '../schemes/rules/rules-text.ts';
import type { RuleRunnerCounts, RuleRunnerOptions } from './runner-options.ts';
import { RunnerParts } from './runner-parts.ts';
import { answerRuleRequests } from './runner-verbs.ts';

export interface RuleRunner {
  /**
   * Runs just these rules; what has not changed goes on untouched. `conditions` are kept in mind, so that `holds` knows
   * those with a past (`for`, averages) too. Resolves when all run; until then those of before go on.
   */
  apply(text: RulesText, conditions?: readonly string[]): Promise<void>;
  /** Whether a condition of the rule language holds now, such as `only_if`; undefined: unknown. */
  holds(condition: string): boolean | undefined;
  /** Of the rules as they were read last, with paths in the scheme. */
  problems(): readonly PathProblem[];
  counts(): RuleRunnerCounts;
  /** Writes what must not be forgotten. Idempotent. */
  stop(): Promise<void>;
}

/** Runs the rules of a scheme: brings news of the bus to the engine, its actions to the bus, and tells what came of them. */
export function startRuleRunner(options: RuleRunnerOptions): RuleRunner {
  const { ready = Promise.resolve(), bus, node } = options;
  const log = options.log.child({ service: 'rules' });
  const parts = new RunnerParts({ ...options, log });
  const endVerbs = answerRuleRequests({ bus, node, log, parts, clock: options.clock });
  const begin = () => parts.begin();
  void ready.then(begin, begin);
  let stopped: Promise<void> | undefined;
  return {
    apply: (text, conditions = []) => parts.apply(text, conditions),
    holds: (condition) => parts.holds(condition),
    problems: () => parts.problems,
    counts: () => parts.counts(),
    stop() {
      endVerbs();
      stopped ??= parts.stop();
      return stopped;
    },
  };
}
