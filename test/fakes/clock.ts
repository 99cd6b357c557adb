import type { Cancel, Clock } from '../../src/kit/clock.ts';

/** A clock that only moves when told; runs due tasks in order and lets promises settle between them. */
export interface FakeClock extends Clock {
  advance(ms: number): Promise<void>;
  /** Moves the wall clock alone, as NTP or a person does. */
  jump(ms: number): void;
  readonly pending: number;
}

interface Task {
  at: number;
  order: number;
  run: () => void;
}

/** Lets every promise that is ready settle. */
export async function settle(rounds = 20): Promise<void> {
  for (let round = 0; round < rounds; round += 1) await Promise.resolve();
}

export interface FakeClockOptions {
  /**
   * Timers run so much after their time, as those of a machine do, and `mono` shows it; ms. Below 0 they run too early, as
   * a machine's do that counts whole milliseconds; a timer then lasts 1 ms at least.
   */
  readonly lateMs?: number;
}

export function makeFakeClock(startMs = 1_763_800_000_000, { lateMs = 0 }: FakeClockOptions = {}): FakeClock {
  const leastMs = lateMs < 0 ? 1 : 0;
  let mono = 0;
  let wall = startMs;
  let order = 0;
  const tasks = new Set<Task>();

  const next = (until: number): Task | undefined => {
    let best: Task | undefined;
    for (const task of tasks) {
      if (task.at > until) continue;
      if (best === undefined || task.at < best.at || (task.at === best.at && task.order < best.order)) best = task;
    }
    return best;
  };

  return {
    now: () => wall + mono,
    mono: () => mono,
    after(ms, run): Cancel {
      order += 1;
      const task = { at: mono + Math.max(ms, leastMs) + lateMs, order, run };
      tasks.add(task);
      return () => void tasks.delete(task);
    },
    async advance(ms) {
      const until = mono + ms;
      await settle();
      for (let task = next(until); task !== undefined; task = next(until)) {
        tasks.delete(task);
        mono = Math.max(mono, task.at);
        task.run();
        await settle();
      }
      mono = until;
    },
    jump(ms) {
      wall += ms;
    },
    get pending() {
      return tasks.size;
    },
  };
}
