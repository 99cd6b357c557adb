import type { DevicePlan } from '../schemes/plan.ts';
import type { PolicyText } from '../schemes/policy.ts';
import type { MergedPolicy } from '../schemes/policy-parse.ts';
import { effectivePolicy } from './effective-policy.ts';
import type { PointHost } from './news.ts';
import { Point } from './point.ts';
import type { NamedSpec } from './point-specs.ts';

/** What is said about points beside their device's plan; may change while they run. */
export interface PolicySource {
  /** What the node says of every point. */
  nodePolicy(): PolicyText;
  /** What was changed at run time, by `device.point`. */
  changedPolicy(key: string): PolicyText | undefined;
}

/** A point with its policy and where each key of it came from. */
export interface RunningPoint extends NamedSpec {
  readonly point: Point;
  readonly policy: MergedPolicy;
}

/** The points of one device. */
export class DevicePoints {
  readonly #plan: DevicePlan;
  readonly #policies: PolicySource;
  #byKey = new Map<string, RunningPoint>();
  #points: readonly Point[] = [];
  #specs: readonly NamedSpec[] = [];

  constructor(plan: DevicePlan, policies: PolicySource) {
    this.#plan = plan;
    this.#policies = policies;
  }

  get all(): readonly RunningPoint[] {
    return [...this.#byKey.values()];
  }

  get points(): readonly Point[] {
    return this.#points;
  }

  /** By the driver's name. */
  of(key: string): Point | undefined {
    return this.#byKey.get(key)?.point;
  }

  named(name: string): RunningPoint | undefined {
    return this.all.find((running) => running.name === name);
  }

  /** The device has just these points. False when they are the ones that run already. */
  become(specs: readonly NamedSpec[], host: PointHost): boolean {
    if (this.#byKey.size > 0 && JSON.stringify(specs) === JSON.stringify(this.#specs)) return false;
    this.close();
    this.#specs = specs;
    const policies = new Map<string, MergedPolicy>();
    const made = specs.map((named): RunningPoint => {
      const { name, spec, plan } = named;
      const policy = shared(policies, this.#policyOf(named));
      return { ...named, policy, point: new Point(host, { name, spec, plan, policy: policy.policy }) };
    });
    this.#byKey = new Map(made.map((running) => [running.key, running]));
    this.#points = made.map(({ point }) => point);
    return true;
  }

  /** Makes the policies anew; gives the points whose policy has changed. */
  applyPolicies(): readonly RunningPoint[] {
    const changed: RunningPoint[] = [];
    for (const [key, running] of this.#byKey) {
      const policy = this.#policyOf(running);
      if (textOf(policy) === textOf(running.policy)) continue;
      const next = { ...running, policy };
      this.#byKey.set(key, next);
      running.point.setPolicy(policy.policy);
      changed.push(next);
    }
    return changed;
  }

  /** The shortest heartbeat of a point, at most `most`; ms. */
  shortestEvery(most: number): number {
    return this.#points.reduce((least, { policy }) => Math.min(least, policy.everyMs ?? least), most);
  }

  spoil(why: string): void {
    for (const point of this.#points) point.spoil('stale', why);
  }

  close(): void {
    for (const point of this.#points) point.close();
  }

  #policyOf({ name, spec, plan }: NamedSpec): MergedPolicy {
    return effectivePolicy(spec, plan, {
      node: this.#policies.nodePolicy(),
      device: this.#plan.publish,
      point: plan.publish,
      runTime: this.#policies.changedPolicy(`${this.#plan.name}.${name}`),
    });
  }
}

/** Most points of a device have one policy: they share one. */
function shared(policies: Map<string, MergedPolicy>, policy: MergedPolicy): MergedPolicy {
  const text = JSON.stringify(policy);
  const same = policies.get(text) ?? policy;
  policies.set(text, same);
  return same;
}

function textOf({ text, origin }: MergedPolicy): string {
  return JSON.stringify([text, origin]);
}
