import type { Rule, Trigger, Worded } from '../schemes/rules/rule.ts';
import type { Test } from '../schemes/rules/test.ts';
import type { Machine } from './machine.ts';
import { mentionsOf } from './prepare-terms.ts';
import { isQuick } from './quick-rule.ts';
import { NO_QUEUE, NO_RUNS, type RuleState, seedOfRule } from './rule-state.ts';
import { subjectName } from './slots.ts';
import { ChangeWatch, EventWatch, TestWatch, type Watch, type WatchOwner } from './watches.ts';

/** Nobody waits for the edges of a condition: it is only kept up to date. */
const NOBODY: WatchOwner = { rose: () => undefined, fell: () => undefined };

/** Who is told of a trigger or a test of a rule. */
export interface Spoken {
  /** A trigger spoke, or its test is over. */
  rose(state: RuleState, trigger: number): void;
  fell(state: RuleState, trigger: number): void;
  /** A `for` ended too early. */
  short(state: RuleState, trigger: number, ms: number): void;
}

/** Brings what a watch says to the rule that it belongs to. */
class RuleOwner implements WatchOwner {
  state: RuleState | undefined = undefined;
  readonly #spoke: Spoken;

  constructor(spoke: Spoken) {
    this.#spoke = spoke;
  }

  rose(trigger: number): void {
    if (this.state !== undefined) this.#spoke.rose(this.state, trigger);
  }

  short(trigger: number, ms: number): void {
    if (this.state !== undefined) this.#spoke.short(this.state, trigger, ms);
  }

  fell(trigger: number): void {
    if (this.state !== undefined) this.#spoke.fell(this.state, trigger);
  }
}

interface CompileOptions {
  readonly rule: Rule;
  readonly order: number;
  readonly spoke: Spoken;
}

/** A rule made ready: closures over the slots that it mentions. Its watches are not yet put to them. */
export function compileRule(machine: Machine, options: CompileOptions): RuleState {
  const { kit } = machine;
  const { rule, order, spoke } = options;
  const owner = new RuleOwner(spoke);
  const watches = rule.when.flatMap((what, trigger) => makeWatch(machine, what, { owner, trigger }) ?? []);
  const condition = rule.if === undefined ? undefined : makeTest(machine, rule.if, { owner: NOBODY, trigger: -1 });
  // A condition without memory is asked when it is needed, and costs nothing before.
  if (condition !== undefined && condition.trackers.length > 0) watches.push(condition);
  const reads = rule.reads.map((name) => kit.slots.of(name));
  const state: RuleState = {
    rule,
    order,
    seed: seedOfRule(rule.fingerprint),
    reads,
    mentions: mentionsOf(kit.slots, rule, reads),
    watches: [...watches],
    condition,
    check: condition?.check,
    isExempt: rule.name.startsWith('$'),
    isQuick: isQuick(rule),
    quick: undefined,
    isPaused: false,
    isFlapping: false,
    cooldownUntil: Number.NEGATIVE_INFINITY,
    isElseDue: false,
    turn: -1,
    runs: NO_RUNS,
    queue: NO_QUEUE,
    today: 0,
    day: Number.NaN,
    lastRun: undefined,
    lastFailure: undefined,
    isFailing: false,
    traces: undefined,
    acts: undefined,
  };
  owner.state = state;
  return state;
}

interface OwnedTrigger {
  readonly owner: WatchOwner;
  readonly trigger: number;
}

function makeTest({ kit, timers }: Machine, test: Test, { owner, trigger }: OwnedTrigger): TestWatch {
  return new TestWatch({ test, kit, timers, owner, trigger });
}

/** What listens to points; the others (schedules, messages, the start) are kept by the engine. */
function makeWatch(machine: Machine, what: Trigger & Worded, owned: OwnedTrigger): Watch | undefined {
  const { slots } = machine.kit;
  switch (what.on) {
    case 'test':
      return makeTest(machine, what.test, owned);
    case 'event':
      return new EventWatch(slots.of(what.point), what.value, owned);
    case 'changed':
    case 'falling':
    case 'rising':
      return new ChangeWatch(slots.of(what.point), what.on, owned);
    case 'gone':
      return new ChangeWatch(slots.of(subjectName(what.subject)), 'falling', owned);
    case 'back':
      return new ChangeWatch(slots.of(subjectName(what.subject)), 'rising', owned);
    case 'clock':
    case 'cron':
    case 'every':
    case 'message':
    case 'start':
    case 'sun':
      return undefined;
  }
}
