import type { Policy } from '../schemes/policy.ts';
import type { Quality, Value } from '../schemes/reading.ts';
import type { Outlet } from './point-output.ts';

/** What a point needs to know of its device. */
export interface PointHost {
  readonly outlet: Outlet;
  readonly device: string;
  /** The period of good news; infinite while nothing is expected. */
  periodMs(): number;
  /** A heartbeat that is due before this time is told with the present news. Monotonic. */
  horizon(): number;
  /** True when no read serves the heartbeats: the chore must. */
  needsHeartbeats(): boolean;
  /** `dueAt` may have moved. */
  onDue(): void;
}

/** A value with what is thought of it. */
export interface News {
  readonly value: Value;
  readonly quality: Quality;
  readonly why?: string;
}

/** The newest that is known of a point, told or not. */
export interface Current extends News {
  /** Source time, ms since 1970. */
  readonly time: number;
  /** Monotonic ms. */
  readonly at: number;
}

/** What the teller follows; changes with the policy. */
export interface Telling {
  readonly policy: Policy;
  readonly unit: string | undefined;
  readonly isEvent: boolean;
  readonly isRetained: boolean;
}
