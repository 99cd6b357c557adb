import type { OutboxAnswer } from '../../src/schemes/outbox-contracts.ts';

const NONE = { age: 0, full: 0, damage: 0, superseded: 0 };

export const OUTBOX: OutboxAnswer = {
  ...{ hanbus: 'outbox/1', node: 'kitchen', state: 'ok', room: 'low' },
  ...{ records: 412, bytes: 61_800, memoryBytes: 4_350, diskBytes: 262_144, unclaimed: 3 },
  written: { times: 96, bytes: 740_000, syncs: 96, items: 5_100 },
  refused: { HB373: 1 },
  readers: [
    {
      ...{ name: 'engine', accepted: 5_600, delivered: 5_012, queued: 412, expired: 20 },
      dropped: { ...NONE, superseded: 140, full: 16 },
      topics: [
        {
          ...{ topic: 'hanbus/kitchen/air/temperature', accepted: 600, delivered: 172, queued: 412, expired: 0 },
          dropped: { ...NONE, full: 16 },
        },
      ],
    },
  ],
};
