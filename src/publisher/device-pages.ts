import type { Provenance } from '../schemes/found.ts';
import type { DevicePlan } from '../schemes/plan.ts';
import type { PointSpec } from '../schemes/point.ts';
import { topics } from '../schemes/topics.ts';
import type { RunningPoint } from './device-points.ts';
import { ORIGIN, type Outlet } from './point-output.ts';

/** `$meta` of a device; `period` is how often good news is expected, in ms. */
interface DevicePage {
  readonly kind: string;
  readonly at: string;
  readonly group: string;
  readonly about?: string;
  readonly provenance: Provenance;
  readonly points: Readonly<Record<string, PointSpec & { readonly period?: number; readonly retained: boolean }>>;
}

/** The retained pages about a device: `$state`, `$meta`, and `$publish` of each point. */
export class DevicePages {
  readonly #outlet: Outlet;
  readonly #plan: DevicePlan;

  constructor(outlet: Outlet, plan: DevicePlan) {
    this.#outlet = outlet;
    this.#plan = plan;
  }

  state(word: string): void {
    this.#put(topics.deviceState(this.#outlet.node, this.#plan.name), word);
  }

  meta(points: readonly RunningPoint[], periodMs?: number): void {
    const { kind, at, group, about, provenance } = this.#plan;
    const period = periodMs === undefined ? {} : { period: periodMs };
    const entries = points.map(({ point }) => [point.name, { ...point.spec, ...period, retained: point.isRetained }]);
    const page: DevicePage = {
      kind,
      at,
      group,
      ...(about === undefined ? {} : { about }),
      provenance,
      points: Object.fromEntries(entries),
    };
    this.#put(topics.deviceMeta(this.#outlet.node, this.#plan.name), JSON.stringify(page));
  }

  policy({ name, policy: { text, origin } }: RunningPoint): void {
    this.#put(topics.policy(this.#outlet.node, this.#plan.name, name), JSON.stringify({ ...text, origin }));
  }

  /** Every retained topic of the device and of points with these names. */
  topics(points: readonly string[]): readonly string[] {
    const { node } = this.#outlet;
    const { name } = this.#plan;
    return [
      topics.deviceState(node, name),
      topics.deviceMeta(node, name),
      ...points.flatMap((point) => [topics.point(node, name, point), topics.policy(node, name, point)]),
    ];
  }

  /** Takes topics off the bus: an empty retained message. */
  clear(list: Iterable<string>): void {
    for (const topic of list) {
      if (this.#outlet.bus.retainedAt(topic) !== undefined) this.#put(topic, '');
    }
  }

  #put(topic: string, payload: string): void {
    const { bus } = this.#outlet;
    bus.publish({ topic, payload, retain: true, origin: ORIGIN });
  }
}
