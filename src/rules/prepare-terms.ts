import type { Rule } from '../schemes/rules/rule.ts';
import type { Step } from '../schemes/rules/step.ts';
import type { Slots } from './slots.ts';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Terms inside steps are compiled when they are needed; their points and windows must be followed from the beginning. */
export function prepareTerms(slots: Slots, rule: Rule): void {
  prepareData(slots, rule.when);
  prepareData(slots, rule.if);
  prepareSteps(slots, rule.then);
  prepareSteps(slots, rule.else);
}

export function prepareSteps(slots: Slots, steps: readonly Step[]): void {
  for (const step of steps) prepareStep(slots, step);
}

function prepareStep(slots: Slots, step: Step): void {
  if (step.do === 'parallel') {
    for (const branch of step.branches) prepareSteps(slots, branch);
  } else if (step.do === 'set' && step.value.from === 'toggle') {
    for (const target of step.targets) slots.of(target);
  } else if (MAY_READ.has(step.do)) prepareData(slots, step);
}

const MAY_READ = new Set<Step['do']>(['publish', 'service', 'set', 'variable', 'waitFor']);

/** Looks for terms wherever they stand. */
function prepareData(slots: Slots, data: unknown): void {
  if (!isRecord(data)) return;
  const { op, point, ms } = data;
  if (typeof op === 'string' && typeof point === 'string') {
    const slot = slots.of(point);
    if (op === 'window' && typeof ms === 'number') slots.window(slot, ms);
  }
  for (const inner of Object.values(data)) prepareData(slots, inner);
}
