import { join } from 'node:path';
import { openJournal } from '../mediator/journal.ts';
import { type Mediator, startMediator } from '../mediator/mediator.ts';
import { MEDIATOR_VERBS } from '../mediator/verbs.ts';
import { type Publisher, startPublisher } from '../publisher/publisher.ts';
import { PUBLISHER_VERBS } from '../publisher/requests.ts';
import { RECORDER_VERBS } from '../recorder/recorder.ts';
import { type RuleRunner, startRuleRunner } from '../rule-runner/rule-runner.ts';
import type { RuleRunnerOptions } from '../rule-runner/runner-options.ts';
import { RULE_VERBS } from '../rule-runner/runner-verbs.ts';
import { decodeOptions } from '../schemes/decode.ts';
import type { NodePlan } from '../schemes/plan.ts';
import { HISTORY_DEFAULTS } from '../state/history/history-options.ts';
import { keepHistory, type Remembered } from './keep-history.ts';
import { Planner } from './planner.ts';
import type { ServicesWorld } from './services-world.ts';
import { systemTimeZone } from './time-zone.ts';

export interface Services {
  readonly publisher: Publisher;
  readonly mediator: Mediator;
  readonly rules: RuleRunner;
  readonly planner: Planner;
  readonly remembered: Remembered;
}

/** Verbs that services answer, and not the node. */
export const OTHER_VERBS: readonly string[] = [...MEDIATOR_VERBS, ...PUBLISHER_VERBS, ...RECORDER_VERBS, ...RULE_VERBS];

/** Starts what reads, what acts and what remembers, and ties them together where a topic is not enough. */
export async function startServices(world: ServicesWorld): Promise<Services> {
  const { node, bus, clock, random, log, memory, schemes, stoppers, data } = world;
  const isTimeTrusted = () => world.boardClock.isTrusted;
  const journal = await openJournal({ path: join(data, 'commands'), clock, log });
  stoppers.add('journal', () => journal.close());
  const remembered = keepHistory({
    ...world,
    last: memory.last,
    sources: [
      ...memory.sources,
      ...world.stores,
      { name: 'commands', written: () => journal.written },
      { name: 'schemes', written: () => schemes.written() },
    ],
  });
  const publisher: Publisher = startPublisher({
    ...{ bus, clock, random, log, node, epoch: memory.epoch, ports: world.ports, isTimeTrusted, decodeOptions },
    ...{ overrides: memory.overrides, descriptors: memory.descriptors },
    driverOf: (kind) => world.drivers.driverOf(kind),
    initialOf: (device) => mediator.initialOf(device),
  });
  stoppers.add('publisher', () => publisher.stop());
  const mediator = startMediator({
    ...{ bus, node, clock, random, log, journal, isTimeTrusted },
    write: (order) => publisher.write(order),
    evaluate: (condition) => rules.holds(condition),
  });
  stoppers.add('mediator', () => mediator.stop());
  const rules: RuleRunner = startRules(world, {
    history: (points, from, to) => remembered.history.readings(points, from, to),
    ready: publisher.firstReadings,
    onBook: ({ groups, scenes }) => mediator.applyBook({ groups, scenes }),
  });
  const planner = new Planner({
    ...{ node, memory, schemes },
    run: async (plan) => {
      const { rules: text, state } = schemes.current.scheme;
      remembered.history.limit({ ...HISTORY_DEFAULTS, ...state });
      mediator.apply(plan);
      await Promise.all([rules.apply(text, conditionsOf(plan)), publisher.apply(plan)]);
    },
  });
  return { publisher, mediator, rules, planner, remembered };
}

type RuleParts = Pick<RuleRunnerOptions, 'history' | 'onBook' | 'ready'>;

function startRules(world: ServicesWorld, parts: RuleParts): RuleRunner {
  const { node, bus, clock, log, memory, boardClock, stoppers } = world;
  const rules = startRuleRunner({
    ...{ bus, node, epoch: memory.epoch, clock, log, state: memory.rules, ...parts },
    timeZone: systemTimeZone(process.env.TZ),
    isTimeTrusted: () => boardClock.isTrusted,
  });
  stoppers.add('rules', () => rules.stop());
  return rules;
}

/** The conditions of guards: the rules keep them in mind, since some need a past. */
function conditionsOf({ devices }: NodePlan): readonly string[] {
  return devices.flatMap(({ guards, points }) =>
    [guards, ...Object.values(points).map((point) => point.guards)].flatMap((one) => one?.onlyIf ?? []),
  );
}
