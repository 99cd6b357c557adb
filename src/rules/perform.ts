import type { Step } from '../schemes/rules/step.ts';
import type { Machine } from './machine.ts';
import { publish, service, set, variable } from './perform-acts.ts';
import { branches, scene, switchRule, wait, waitFor } from './perform-flow.ts';
import type { Thread } from './rule-state.ts';
import type { StepRecord } from './trace-record.ts';
import type { Work } from './work.ts';

const NO_THREADS: readonly Thread[] = [];

/** Does the next step of a list. Lists of its own that it begins are given back. */
export function perform(machine: Machine, thread: Thread, step: Step): readonly Thread[] {
  const { now } = machine.kit;
  const record: StepRecord = { text: step.text, at: now.wall, state: 'running' };
  thread.run.trace.steps.push(record);
  thread.record = record;
  const work: Work = { machine, thread, record, place: `${thread.path}.${thread.index}` };
  thread.index += 1;
  if (step.do === 'parallel') return branches(work, step.branches);
  if (step.do === 'scene') return scene(work, step.scene);
  act(work, step);
  return NO_THREADS;
}

function act(work: Work, step: Exclude<Step, { readonly do: 'parallel' | 'scene' }>): void {
  switch (step.do) {
    case 'set':
      set(work, step);
      break;
    case 'variable':
      variable(work, step);
      break;
    case 'publish':
      publish(work, step);
      break;
    case 'service':
      service(work, step);
      break;
    case 'wait':
      wait(work, step.ms);
      break;
    case 'waitFor':
      waitFor(work, step);
      break;
    case 'rule':
      switchRule(work, step);
      break;
  }
}
