import { isRecord } from '../yaml-value.ts';
import type { Rule } from './rule.ts';
import type { Step } from './step.ts';

type Part = Readonly<Record<string, unknown>>;

/** Every map inside a checked rule; values that a person wrote are not looked into. */
function visit(value: unknown, look: (part: Part) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) visit(item, look);
    return;
  }
  if (!isRecord(value)) return;
  const part: Part = value;
  if (part.op === 'const' || part.from === 'const') return;
  look(part);
  for (const inner of Object.values(part)) visit(inner, look);
}

function sorted(names: ReadonlySet<string>): readonly string[] {
  return [...names].sort();
}

/** Points and variables that a rule, or a part of one, looks at. */
export function readsOf(part: unknown): readonly string[] {
  const names = new Set<string>();
  visit(part, ({ point }) => {
    if (typeof point === 'string') names.add(point);
  });
  return sorted(names);
}

/** Points and variables that a rule sets by itself; those of its scenes come on top. */
export function writesOf({ then, else: otherwise }: Pick<Rule, 'then' | 'else'>): readonly string[] {
  const names = new Set<string>();
  for (const step of everyStep([...then, ...otherwise])) {
    if (step.do === 'set') for (const target of step.targets) names.add(target);
    if (step.do === 'variable') names.add(step.variable);
  }
  return sorted(names);
}

/** All steps, those inside `parallel` too. */
export function everyStep(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step) => (step.do === 'parallel' ? step.branches.flatMap(everyStep) : [step]));
}
