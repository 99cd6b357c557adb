import { OptionsError } from '../kit/errors.ts';
import type { DevicePlan } from '../schemes/plan.ts';
import type { DescriptorBook } from './descriptor-book.ts';
import type { Health } from './health.ts';
import { type NamedSpec, namedSpecs } from './point-specs.ts';

/** Gives a device that is away the points that it had when it was last open. */
export function recall(
  plan: DevicePlan,
  descriptors: DescriptorBook,
  health: Health,
  become: (specs: readonly NamedSpec[]) => void,
): void {
  const known = descriptors.of(plan);
  if (known === undefined) return;
  try {
    become(namedSpecs(known, plan));
  } catch (error) {
    if (!(error instanceof OptionsError)) throw error;
    health.note(error.message);
  }
}
