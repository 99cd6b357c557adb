import type { Moment } from './engine-world.ts';
import type { Machine } from './machine.ts';
import { setMoment } from './now.ts';

/** A clock that moved by more than this beside the monotonic one was set; ms. */
const SET_MS = 1_000;

/** One thing at a time: what is told while the engine works is done after it. */
export interface Turns {
  /** False: it works already, and `later` must be told. */
  begin(moment: Moment): boolean;
  later(again: () => void): void;
  end(): void;
}

export function makeTurns(machine: Machine): Turns {
  const { now } = machine.kit;
  const isRehearsal = machine.world.isRehearsal === true;
  const later: (() => void)[] = [];
  let isBusy = false;
  let isDraining = false;
  let offset = Number.NaN;

  const arrive = (moment: Moment): void => {
    setMoment(now, moment);
    now.turn += 1;
    now.message = undefined;
    now.point = '';
    if (!(Math.abs(moment.wall - moment.mono - offset) <= SET_MS)) {
      offset = moment.wall - moment.mono;
      for (const watch of machine.clockWatches) watch.heard();
    }
    if (machine.onTrust.length > 0 && now.isTrusted) catchUp(machine);
    if (!isRehearsal) machine.schedules.run(now);
    if (machine.timers.nextAt <= now.mono) machine.timers.run(now.mono);
  };

  return {
    later: (again) => void later.push(again),
    begin(moment) {
      if (isBusy) return false;
      isBusy = true;
      arrive(moment);
      return true;
    },
    end() {
      isBusy = false;
      if (isDraining || later.length === 0) return;
      isDraining = true;
      try {
        for (let next = later.shift(); next !== undefined; next = later.shift()) next();
      } finally {
        isDraining = false;
      }
    },
  };
}

/** One thing at a time; what comes while the engine works is done right after. */
export function inTurn(turns: Turns, moment: Moment, work: () => void): void {
  if (!turns.begin(moment)) {
    turns.later(() => inTurn(turns, moment, work));
    return;
  }
  try {
    work();
  } finally {
    turns.end();
  }
}

/** The clock is set at last: waits from before the restart know how much of them is over. */
function catchUp({ onTrust, timers, kit: { now } }: Machine): void {
  for (const { thread, until } of onTrust.splice(0)) {
    const { timer } = thread;
    if (timer !== undefined && timer.place >= 0) timers.set(timer, Math.min(timer.at, now.mono + until - now.wall));
  }
}
