import type { Step } from '../schemes/rules/step.ts';
import type { Machine } from './machine.ts';
import type { Thread } from './rule-state.ts';
import { makeThread } from './run.ts';
import { makeTimer } from './timers.ts';
import { TestWatch, type WatchOwner } from './watches.ts';
import { done, fail, type Work } from './work.ts';

type Of<Do extends Step['do']> = Extract<Step, { readonly do: Do }>;

/** Scenes in scenes. */
const MOST_DEPTH = 8;
const NO_THREADS: readonly Thread[] = [];

export function wait(work: Work, ms: number): void {
  waitUntil(work.machine, work.thread, work.machine.kit.now.mono + ms);
}

/** The list goes on at a monotonic time. */
export function waitUntil(machine: Machine, thread: Thread, at: number): void {
  const { kit, timers } = machine;
  const timer = makeTimer(() => {
    if (thread.record !== undefined) {
      thread.record.state = 'done';
      thread.record.ms = kit.now.wall - thread.record.at;
    }
    machine.world.onChange();
    machine.advance(thread);
  });
  thread.timer = timer;
  timers.set(timer, at);
}

export function waitFor(work: Work, step: Of<'waitFor'>): void {
  watchFor(work, step, work.machine.kit.now.mono + step.timeoutMs);
}

/** The list goes on when the test is true, or at a monotonic time. */
export function watchFor(work: Work, step: Of<'waitFor'>, until: number): void {
  const { machine, thread } = work;
  const end = (): void => {
    if (thread.watch !== undefined) machine.unwatch(thread.watch);
    thread.watch = undefined;
    if (thread.timer !== undefined) machine.timers.clear(thread.timer);
  };
  const owner: WatchOwner = {
    rose() {
      if (thread.watch === undefined) return;
      end();
      done(work);
      work.record.ms = machine.kit.now.wall - work.record.at;
      machine.world.onChange();
      machine.advance(thread);
    },
    fell: () => undefined,
  };
  const watch = new TestWatch({ test: step.test, kit: machine.kit, timers: machine.timers, owner, trigger: 0 });
  // Here a test that is true already is what is waited for.
  watch.known = false;
  thread.watch = watch;
  thread.timer = makeTimer(() => {
    end();
    if (step.goesOn) done(work);
    else fail(work, 'it did not come true in time');
    machine.world.onChange();
    machine.advance(thread);
  });
  machine.timers.set(thread.timer, until);
  machine.watch(watch);
  watch.heard();
}

/** Lists beside each other; the one around them goes on when all are over. */
export function branches(work: Work, lists: readonly (readonly Step[])[]): readonly Thread[] {
  const { thread, place } = work;
  if (lists.length === 0) {
    done(work);
    return NO_THREADS;
  }
  thread.open += lists.length;
  const depth = thread.depth;
  return lists.map((steps, index) =>
    makeThread(thread.run, { steps, path: `${place}.${index}`, parent: thread, depth }),
  );
}

export function scene(work: Work, name: string): readonly Thread[] {
  const { machine, thread, place } = work;
  const steps = machine.scenes.get(name)?.steps;
  if (steps === undefined || thread.depth >= MOST_DEPTH) {
    fail(work, steps === undefined ? `there is no scene "${name}"` : 'scenes call each other without end');
    return NO_THREADS;
  }
  thread.open += 1;
  return [makeThread(thread.run, { steps, path: `${place}.${name}`, parent: thread, depth: thread.depth + 1 })];
}

export function switchRule(work: Work, step: Of<'rule'>): void {
  if (work.machine.enable(step.rule, step.on)) done(work);
  else fail(work, `there is no rule "${step.rule}"`);
}
