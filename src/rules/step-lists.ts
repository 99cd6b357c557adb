import type { Step } from '../schemes/rules/step.ts';
import type { Machine } from './machine.ts';
import type { Thread } from './rule-state.ts';

/** The list of steps that a path names: `then` itself, or `then.2.0`, the first branch of step 2 of the list around it. */
export function stepsAt(
  { scenes }: Machine,
  whole: readonly Step[],
  { path, parent }: { readonly path: string; readonly parent: Thread | undefined },
): readonly Step[] | undefined {
  if (parent === undefined) return path === 'else' || path === 'then' ? whole : undefined;
  if (!path.startsWith(`${parent.path}.`)) return undefined;
  const [index = '', name = ''] = path.slice(parent.path.length + 1).split('.');
  const step = parent.steps[Number(index)];
  if (step?.do === 'parallel') return step.branches[Number(name)];
  return step?.do === 'scene' && step.scene === name ? scenes.get(name)?.steps : undefined;
}
