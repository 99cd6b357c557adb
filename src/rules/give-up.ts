import type { Machine } from './machine.ts';
import type { Thread } from './rule-state.ts';

/** Outcomes that were not told in time are unknown, and the list ends. */
export function giveUp(machine: Machine, thread: Thread): void {
  for (const id of thread.ids) {
    const pending = machine.pending.get(id);
    if (pending?.thread !== thread) continue;
    machine.pending.delete(id);
    pending.record.state = 'unknown';
    pending.record.why = 'nothing was heard of it in time';
    pending.record.ms = machine.kit.now.mono - pending.at;
    thread.open -= 1;
  }
  thread.hasFailed = true;
  machine.world.onChange();
  machine.advance(thread);
}
