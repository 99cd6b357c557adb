import type { Run, Thread } from './rule-state.ts';

const NO_IDS: readonly string[] = [];

/** A list of a run, at its beginning. */
export function makeThread(run: Run, options: Pick<Thread, 'depth' | 'parent' | 'path' | 'steps'>): Thread {
  const thread: Thread = {
    run,
    parent: options.parent,
    path: options.path,
    steps: options.steps,
    depth: options.depth,
    index: 0,
    open: 0,
    ids: NO_IDS,
    hasFailed: false,
    isOver: false,
    timer: undefined,
    watch: undefined,
    record: undefined,
  };
  run.threads.push(thread);
  return thread;
}
