import type { Flushable } from './world.ts';

/** Gathers what has output, and flushes each once when the present turn of the event loop is over. */
export function makeTurn(): (what: Flushable) => void {
  let waiting: Flushable[] = [];
  const run = () => {
    const now = waiting;
    waiting = [];
    for (const what of now) what.flush();
  };
  return (what) => {
    waiting.push(what);
    if (waiting.length === 1) setImmediate(run);
  };
}
