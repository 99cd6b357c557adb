import type { Value } from '../schemes/reading.ts';

/** What would become of a command that nothing is against. */
export interface DryRun {
  readonly value?: Value;
  /** Why it would wait. */
  readonly why?: string;
}
