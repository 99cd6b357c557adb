import type { Rule } from '../schemes/rules/rule.ts';
import type { Step } from '../schemes/rules/step.ts';
import type { Slot, Slots } from './slots.ts';
import type { Window } from './window.ts';

/** Finds or makes points and windows. */
type Finds = Pick<Slots, 'of' | 'window'>;

/** What a rule mentions beside the points that it reads: windows, and outputs that it toggles. */
export interface Mentions {
  readonly slots: readonly Slot[];
  readonly windows: readonly Window[];
}

const NOTHING: Mentions = { slots: [], windows: [] };

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Terms inside steps are compiled when they are needed; their points and windows must be followed from the beginning. */
export function mentionsOf(slots: Slots, rule: Rule, reads: readonly Slot[]): Mentions {
  const found = new Set<Slot>();
  const windows = new Set<Window>();
  const finds: Finds = {
    of: (name) => noted(found, slots.of(name)),
    window: (slot, ms) => noted(windows, slots.window(slot, ms)),
  };
  prepareData(finds, rule.when);
  prepareData(finds, rule.if);
  prepareSteps(finds, rule.then);
  prepareSteps(finds, rule.else);
  for (const slot of reads) found.delete(slot);
  return found.size + windows.size === 0 ? NOTHING : { slots: [...found], windows: [...windows] };
}

function noted<T>(list: Set<T>, item: T): T {
  list.add(item);
  return item;
}

export function prepareSteps(slots: Finds, steps: readonly Step[]): void {
  for (const step of steps) prepareStep(slots, step);
}

function prepareStep(slots: Finds, step: Step): void {
  if (step.do === 'parallel') {
    for (const branch of step.branches) prepareSteps(slots, branch);
  } else if (step.do === 'set' && step.value.from === 'toggle') {
    for (const target of step.targets) slots.of(target);
  } else if (MAY_READ.has(step.do)) prepareData(slots, step);
}

const MAY_READ = new Set<Step['do']>(['publish', 'service', 'set', 'variable', 'waitFor']);

/** Looks for terms wherever they stand. */
function prepareData(slots: Finds, data: unknown): void {
  if (!isRecord(data)) return;
  const { op, point, ms } = data;
  if (typeof op === 'string' && typeof point === 'string') {
    const slot = slots.of(point);
    if (op === 'window' && typeof ms === 'number') slots.window(slot, ms);
  }
  for (const inner of Object.values(data)) prepareData(slots, inner);
}
