import { byPerson } from './cause.ts';
import type { Engine, EngineWorld, Moment, News } from './engine-world.ts';
import { loadBook } from './loading.ts';
import { makeMachine } from './make-machine.ts';
import { readStored } from './read-stored.ts';
import { addToWindows } from './slots.ts';
import { snapshotOf } from './snapshot.ts';
import { begin } from './starting.ts';
import { statusOf } from './status.ts';
import { takeOutcome } from './steps.ts';
import { takeNews } from './telling.ts';
import { inTurn, makeTurns } from './turns.ts';
import { explain } from './why.ts';
import { nextAt, pointsOf, windowsOf } from './wishes.ts';

/** The rules of one node. */
export function makeEngine(world: EngineWorld): Engine {
  const machine = makeMachine(world);
  const turns = makeTurns(machine);

  const turn = (moment: Moment, work: () => void): void => inTurn(turns, moment, work);
  const tell = (news: News, moment: Moment): void => {
    if (!turns.begin(moment)) {
      turns.later(() => tell(news, moment));
      return;
    }
    try {
      takeNews(machine, news);
    } finally {
      turns.end();
    }
  };

  return {
    tell,
    load: (book, moment) => turn(moment, () => loadBook(machine, book)),
    outcome: (outcome, moment) => turn(moment, () => takeOutcome(machine, outcome)),
    tick: (moment) => turn(moment, () => machine.schedules.run(machine.kit.now)),
    get nextAt() {
      return nextAt(machine);
    },
    enable(rule, on, moment) {
      turn(moment, () => void machine.enable(rule, on));
      return machine.states.has(rule);
    },
    run(rule, moment) {
      const state = machine.states.get(rule);
      if (state !== undefined) turn(moment, () => begin(machine, state, { cause: byPerson(machine), part: 'then' }));
      return state !== undefined;
    },
    get filters() {
      return machine.topics.filters;
    },
    get points() {
      return pointsOf(machine);
    },
    get windows() {
      return windowsOf(machine);
    },
    recall(point, readings) {
      const windows = machine.kit.slots.get(point)?.windows ?? [];
      for (const { mono, value } of readings) addToWindows(windows, mono, value);
    },
    why: (rule, moment) => explain(machine, rule, moment),
    list: () => statusOf(machine),
    snapshot: (moment) => snapshotOf(machine, moment),
    restore(stored) {
      machine.stored = readStored(stored);
    },
  };
}
