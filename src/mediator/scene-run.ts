import { type Clock, sleep } from '../kit/clock.ts';
import type { Scene } from '../schemes/rules/rule.ts';
import type { Source, Step } from '../schemes/rules/step.ts';
import type { Member, MemberEnd } from './member.ts';
import { type Refusal, rejected } from './refusal.ts';

export interface SceneWorld {
  readonly clock: Clock;
  readonly valueNow: (name: string) => unknown;
  /** Sets points, all at once, and waits for what becomes of them. */
  readonly set: (members: readonly Member[]) => Promise<readonly MemberEnd[]>;
  readonly setVariable: (name: string, value: unknown) => void;
}

/** Scenes inside each other. */
const DEEPEST = 4;

/** Runs the steps of a scene in order, or says which of them only a rule can do. */
export function runScene(
  scene: Scene,
  scenes: ReadonlyMap<string, Scene>,
  world: SceneWorld,
): Refusal | { readonly ended: Promise<readonly MemberEnd[]> } {
  const steps = flat(scene.steps, scenes, DEEPEST);
  const strange = steps.find((step) => !isPlain(step));
  if (strange !== undefined)
    return rejected('HB333', `only a rule can do "${strange.text}" of the scene ${scene.name}`);
  return { ended: runSteps(steps, world) };
}

/** Scenes of scenes written out, branches one after the other. */
function flat(steps: readonly Step[], scenes: ReadonlyMap<string, Scene>, levels: number): readonly Step[] {
  return steps.flatMap((step): readonly Step[] => {
    if (step.do === 'parallel' && levels > 0) return flat(step.branches.flat(), scenes, levels - 1);
    const inner = step.do === 'scene' ? scenes.get(step.scene) : undefined;
    return inner === undefined || levels === 0 ? [step] : flat(inner.steps, scenes, levels - 1);
  });
}

function isPlain(step: Step): boolean {
  if (step.do === 'wait') return true;
  if (step.do === 'variable') return step.value.from === 'const';
  return step.do === 'set' && (step.value.from === 'const' || step.value.from === 'toggle');
}

async function runSteps(steps: readonly Step[], world: SceneWorld): Promise<readonly MemberEnd[]> {
  const ends: MemberEnd[] = [];
  for (const step of steps) {
    if (step.do === 'wait') await sleep(world.clock, step.ms);
    else if (step.do === 'variable' && step.value.from === 'const') world.setVariable(step.variable, step.value.value);
    else if (step.do === 'set') ends.push(...(await world.set(membersOf(step, world))));
  }
  return ends;
}

function membersOf(step: Extract<Step, { do: 'set' }>, world: SceneWorld): Member[] {
  const { targets, value, forMs, mode, ttlMs } = step;
  return targets.map((name) => ({ name, value: valueFor(value, name, world), forMs, mode, ttlMs }));
}

function valueFor(source: Source, name: string, { valueNow }: SceneWorld): unknown {
  return source.from === 'const' ? source.value : valueNow(name) !== true;
}
