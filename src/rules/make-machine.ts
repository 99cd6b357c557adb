import { makeBreaker } from './breaker.ts';
import { startBySchedule } from './by-schedule.ts';
import type { WritePayload } from './compile-kit.ts';
import type { EngineWorld } from './engine-world.ts';
import { makeCrons } from './instants.ts';
import { makeLocalTime } from './local-time.ts';
import type { Machine } from './machine.ts';
import { makeNow } from './now.ts';
import { Schedules } from './schedules.ts';
import { SharedCode } from './shared-code.ts';
import { Slots } from './slots.ts';
import { startQueued } from './starting.ts';
import { advance } from './steps.ts';
import { makeSun } from './sun.ts';
import { pauseFlapping, switchOff, switchOn } from './switching.ts';
import { Timers } from './timers.ts';
import { TopicIndex } from './topic-index.ts';
import type { Check } from './truth.ts';
import { addWatch, removeWatch } from './watching.ts';

export function makeMachine(world: EngineWorld): Machine {
  const kit = {
    now: makeNow(),
    slots: new Slots(),
    time: makeLocalTime(world.timeZone),
    sun: world.location === undefined ? undefined : makeSun(world.location),
    checks: new SharedCode<Check>(),
    writers: new SharedCode<WritePayload>(),
  };
  const machine: Machine = {
    world,
    kit,
    timers: new Timers(),
    states: new Map(),
    topics: new TopicIndex(),
    clockWatches: new Set(),
    schedules: new Schedules((schedule, instant) => startBySchedule(machine, schedule, instant)),
    crons: makeCrons(world.timeZone),
    scenes: new Map(),
    waiting: new Map(),
    pending: new Map(),
    breaker: makeBreaker(),
    evaluators: new WeakMap(),
    payloads: new WeakMap(),
    echoes: new Map(),
    stored: undefined,
    onTrust: [],
    count: 0,
    loaded: 0,
    advance: (thread) => advance(machine, thread),
    ended: (run) => startQueued(machine, run.state),
    watch: (watch) => addWatch(machine, watch),
    unwatch: (watch) => removeWatch(machine, watch),
    enable: (name, on) => (on ? switchOn(machine, name) : switchOff(machine, name)),
    pause: (flap) => pauseFlapping(machine, flap),
  };
  return machine;
}
