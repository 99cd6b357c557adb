import type { DropReason } from './item.ts';

/** What became of items; always accepted = delivered + queued + expired + all that was dropped. */
export interface Counts {
  /** Since the start of the process, with those that were found on the disk. */
  readonly accepted: number;
  readonly delivered: number;
  readonly queued: number;
  readonly expired: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
}

/** Counts that grow. `queued` is counted by itself: that all adds up is for the tests to see. */
export class Tally {
  accepted = 0;
  delivered = 0;
  queued = 0;
  expired = 0;
  readonly dropped: Record<DropReason, number> = { age: 0, full: 0, damage: 0, superseded: 0 };

  get counts(): Counts {
    const { accepted, delivered, queued, expired, dropped } = this;
    return { accepted, delivered, queued, expired, dropped: { ...dropped } };
  }

  get isIdle(): boolean {
    return this.queued === 0;
  }

  add(other: Tally): void {
    this.accepted += other.accepted;
    this.delivered += other.delivered;
    this.queued += other.queued;
    this.expired += other.expired;
    for (const reason of ['age', 'full', 'damage', 'superseded'] as const)
      this.dropped[reason] += other.dropped[reason];
  }
}
