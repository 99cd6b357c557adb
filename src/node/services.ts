import { join } from 'node:path';
import type { Bus } from '../bus/bus.ts';
import type { Ports } from '../drivers/ports/ports.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { openJournal } from '../mediator/journal.ts';
import { type Mediator, startMediator } from '../mediator/mediator.ts';
import { MEDIATOR_VERBS } from '../mediator/verbs.ts';
import { type Publisher, startPublisher } from '../publisher/publisher.ts';
import { PUBLISHER_VERBS } from '../publisher/requests.ts';
import { type RuleRunner, startRuleRunner } from '../rule-runner/rule-runner.ts';
import { RULE_VERBS } from '../rule-runner/runner-verbs.ts';
import { decodeOptions } from '../schemes/decode.ts';
import type { BoardClock } from './board-clock.ts';
import type { Drivers } from './kinds.ts';
import type { Memory } from './memory.ts';
import { Planner } from './planner.ts';
import type { SchemeLoop } from './scheme-loop.ts';
import type { Stoppers } from './stoppers.ts';

/** What the services of a node stand on. */
export interface ServicesWorld {
  readonly node: string;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly ports: Ports;
  readonly drivers: Drivers;
  readonly memory: Memory;
  readonly schemes: SchemeLoop;
  readonly boardClock: BoardClock;
  readonly stoppers: Stoppers;
  /** Folder of what they keep. */
  readonly data: string;
}

export interface Services {
  readonly publisher: Publisher;
  readonly mediator: Mediator;
  readonly rules: RuleRunner;
  readonly planner: Planner;
}

/** Verbs that services answer, and not the node. */
export const OTHER_VERBS: readonly string[] = [...MEDIATOR_VERBS, ...PUBLISHER_VERBS, ...RULE_VERBS];

/** Starts what reads, what acts and what remembers, and ties them together where a topic is not enough. */
export async function startServices(world: ServicesWorld): Promise<Services> {
  const { node, bus, clock, random, log, memory, schemes, stoppers, data } = world;
  const isTimeTrusted = () => world.boardClock.isTrusted;
  const journal = await openJournal({ path: join(data, 'commands'), clock, log });
  stoppers.add('journal', () => journal.close());
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
  });
  stoppers.add('mediator', () => mediator.stop());
  const rules = startRules(world, publisher);
  const planner = new Planner({
    ...{ node, memory, schemes },
    run: async (plan) => {
      mediator.apply({ plan });
      rules.apply(schemes.current.scheme.rules);
      await publisher.apply(plan);
    },
  });
  return { publisher, mediator, rules, planner };
}

function startRules({ node, bus, clock, log, memory, boardClock, stoppers }: ServicesWorld, publisher: Publisher) {
  const rules = startRuleRunner({
    ...{ bus, node, epoch: memory.epoch, clock, log, state: memory.rules, ready: publisher.firstReadings },
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    isTimeTrusted: () => boardClock.isTrusted,
  });
  stoppers.add('rules', () => rules.stop());
  return rules;
}
