import type { DiffVersion, Kit } from './mqtt-diff-kit.ts';

/** What one script reports, the same from every broker that does as the specification says. */
export type Report = readonly (string | readonly string[])[];

export interface Script {
  readonly name: string;
  /** Default: both. */
  readonly versions?: readonly DiffVersion[];
  run(kit: Kit): Promise<Report>;
  /** Where Mosquitto 2.0.11 does otherwise. */
  readonly differs?: Difference;
}

export interface Difference {
  /** What the specification says, and why ours is so. */
  readonly why: string;
  readonly hanbus: Report;
  readonly mosquitto: Report;
  /** Default: all. */
  readonly versions?: readonly DiffVersion[];
}

/** Time that passes because the protocol counts it. */
export const seconds = (count: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, count * 1_000));

export const sorted = (lines: readonly string[]): string[] => [...lines].sort();
