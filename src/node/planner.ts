import { InTurn } from '../kit/in-turn.ts';
import type { PathProblem } from '../schemes/path-problem.ts';
import type { DevicePlan, NodePlan } from '../schemes/plan.ts';
import type { Scheme } from '../schemes/scheme.ts';
import type { Harvest } from './harvest-loop.ts';
import { makePlan } from './make-plan.ts';
import type { Memory } from './memory.ts';
import type { SchemeLoop } from './scheme-loop.ts';

export interface PlannerWorld {
  readonly node: string;
  readonly memory: Memory;
  readonly schemes: SchemeLoop;
  /** Resolves when the devices of the plan are being opened. */
  readonly run: (plan: NodePlan) => Promise<void>;
}

/** Turns each new harvest or scheme into a plan and has the services run it, one change at a time. */
export class Planner {
  readonly #world: PlannerWorld;
  #plan: NodePlan;
  #problems: readonly PathProblem[] = [];
  readonly #turns = new InTurn();

  constructor(world: PlannerWorld) {
    this.#world = world;
    this.#plan = { node: world.node, publish: {}, devices: [] };
  }

  get plan(): NodePlan {
    return this.#plan;
  }

  get problems(): readonly PathProblem[] {
    return this.#problems;
  }

  /** Resolves when the devices of the new plan are being opened. */
  apply(harvest: Harvest): Promise<void> {
    return this.#turns.run(() => this.#apply(harvest));
  }

  /** The devices that a scheme would make of a harvest; nothing is planned. */
  planOf(scheme: Scheme, { found }: Harvest): readonly DevicePlan[] {
    const { node, memory } = this.#world;
    return makePlan(node, scheme, found, memory.names.value ?? {}).plan.devices;
  }

  async #apply({ found }: Harvest): Promise<void> {
    const { node, memory, schemes, run } = this.#world;
    const planned = makePlan(node, schemes.current.scheme, found, memory.names.value ?? {});
    memory.names.set(planned.book);
    this.#plan = planned.plan;
    this.#problems = planned.problems;
    await run(planned.plan);
  }
}
