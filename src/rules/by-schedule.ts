import { type Cause, causeOfInstant, causeOfNews } from './cause.ts';
import { instantsOf, isClockTrigger } from './instants.ts';
import type { Machine } from './machine.ts';
import type { RuleState } from './rule-state.ts';
import { makeSchedule, type Schedule } from './schedules.ts';
import { start } from './starting.ts';

/** The triggers by the clock of a rule; one that is planned already stays as it is. */
export function schedulesOf({ kit, crons, schedules }: Machine, state: RuleState): readonly Schedule[] {
  const known = schedules.of(state);
  if (known.length > 0) return known;
  return state.rule.when.flatMap((trigger, place) => {
    if (!isClockTrigger(trigger)) return [];
    const instants = instantsOf(trigger, { time: kit.time, sun: kit.sun, crons });
    return [
      makeSchedule({ state, trigger: place, instants, everyMs: trigger.on === 'every' ? trigger.ms : undefined }),
    ];
  });
}

/** `instant` undefined: an `every` while nobody has set the clock. */
export function startBySchedule(machine: Machine, { state, trigger }: Schedule, instant: number | undefined): void {
  machine.kit.now.turn += 1;
  const text = state.rule.when[trigger]?.text ?? '';
  start(
    machine,
    state,
    instant === undefined ? uncounted(machine, trigger, text) : causeOfInstant(trigger, text, instant),
  );
}

function uncounted(machine: Machine, trigger: number, text: string): Cause {
  machine.count += 1;
  const cause = causeOfNews(machine.kit.now, trigger, text);
  return { ...cause, point: '@free', epoch: machine.world.epoch ?? machine.kit.now.wall, sequence: machine.count };
}
