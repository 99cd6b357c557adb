export type Cancel = () => void;

/** The time of the world, passed in so that tests can own it. */
export interface Clock {
  /** Wall time, ms since 1970. May jump. */
  now(): number;
  /** Monotonic time, ms from an arbitrary start. Never jumps. */
  mono(): number;
  /** Runs `task` once after `ms` of monotonic time. */
  after(ms: number, task: () => void): Cancel;
}

/** The clock of this machine. Its timers do not keep the process alive. */
export function makeSystemClock(): Clock {
  return {
    now: () => Date.now(),
    mono: () => performance.now(),
    after: (ms, task) => {
      const timer = setTimeout(task, Math.min(Math.max(ms, 0), 2_147_483_647));
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}

/** Resolves after `ms`, or at once when `signal` aborts. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const done = () => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(ms, done);
    signal?.addEventListener('abort', done, { once: true });
  });
}
