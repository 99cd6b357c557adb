import type { Guards } from './command.ts';
import type { Provenance } from './found.ts';
import type { PolicyText } from './policy.ts';

/** What a person wrote about one point: a new name, a unit, limits, its own policy. */
export interface PointPlan {
  readonly name?: string;
  readonly unit?: string;
  /** Two pairs of measured text to shown value: `{2.6V: 0, 1.2V: 100}` as numbers. */
  readonly scale?: readonly [readonly [number, number], readonly [number, number]];
  readonly about?: string;
  readonly publish?: PolicyText;
  /** Limits of a settable point; over those of the device. */
  readonly guards?: Guards;
}

/** One device to run: harvest and scheme put together. */
export interface DevicePlan {
  readonly name: string;
  readonly kind: string;
  readonly at: string;
  readonly group: string;
  readonly about?: string;
  /** As written in YAML or found; the runner decodes them with the driver's own fields. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly points: Readonly<Record<string, PointPlan>>;
  readonly publish?: PolicyText;
  /** Limits of all its settable points. */
  readonly guards?: Guards;
  readonly provenance: Provenance;
  readonly origin: 'harvest' | 'file';
  /** It was here before and is away now: it keeps its name, and is not opened. */
  readonly lost?: boolean;
}

/** Everything the publisher has to run. */
export interface NodePlan {
  readonly node: string;
  readonly publish: PolicyText;
  readonly devices: readonly DevicePlan[];
}
