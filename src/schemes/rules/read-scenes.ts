import { nameProblem } from '../check-node.ts';
import { isName, nameFrom } from '../names.ts';
import { readSteps } from './read-steps.ts';
import type { Scene } from './rule.ts';
import type { RulesText } from './rules-text.ts';
import { type Scope, tell, within } from './scope.ts';
import type { Step } from './step.ts';
import { everyStep } from './uses-of.ts';

/** Scenes: what a set of outputs becomes. One that names something unseen does the rest. */
export function readScenes(raw: RulesText['scenes'], scope: Scope): readonly Scene[] {
  return Object.entries(raw).map(([name, value]) => {
    const inner = { ...within(scope, name), missing: new Set<string>() };
    if (!isName(name)) {
      scope.problems.push({
        path: inner.path,
        onKey: true,
        ...nameProblem(name, 'scene'),
        fix: `${nameFrom(name, 'scene')}:`,
      });
    }
    const steps = readSteps(value, inner);
    if (everyStep(steps).some((step) => step.do === 'scene')) {
      const message = 'a scene cannot call another scene';
      tell(inner, { code: 'HB316', message, suggestion: 'write what it sets, or call both from the rule' });
    }
    return { name, steps: possible(steps) };
  });
}

/** Without what cannot be done: other scenes, and targets that were never seen and so have no points. */
function possible(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step): readonly Step[] => {
    if (step.do === 'parallel') return [{ ...step, branches: step.branches.map(possible) }];
    return step.do === 'scene' || (step.do === 'set' && step.targets.length === 0) ? [] : [step];
  });
}
