import Type, { type Static } from 'typebox';

/** What `hanbus outbox` answers; the rules are those of `contracts.ts`. */
const optional = Type.Optional;
const open = { additionalProperties: true };
const about = (description: string) => ({ ...open, description });
const Count = Type.Integer({ minimum: 0 });

const DroppedCounts = Type.Object(
  { age: Count, full: Count, damage: Count, superseded: Count },
  about('lost by the reason; superseded: a newer one took its place, as `keep` wants it'),
);

const ledger = { accepted: Count, delivered: Count, queued: Count, expired: Count, dropped: DroppedCounts };

export const OutboxJson = Type.Object(
  {
    hanbus: Type.Literal('outbox/1'),
    node: Type.String(),
    state: Type.Enum(['ok', 'failed'], { description: 'failed: the disk refuses' }),
    why: optional(Type.String()),
    room: Type.Enum(['ok', 'low', 'scarce'], {
      description: 'of the disk; low: history stops; scarce: what may be lost stays in memory',
    }),
    records: Type.Integer({ minimum: 0, description: 'that wait for anybody' }),
    bytes: Count,
    memoryBytes: Type.Integer({ minimum: 0, description: 'of these, not on the disk' }),
    diskBytes: Type.Integer({ minimum: 0, description: 'length of the files' }),
    written: Type.Object(
      { times: Count, bytes: Count, syncs: Count, items: Count },
      about('to the disk, since the start'),
    ),
    unclaimed: Type.Integer({ minimum: 0, description: 'accepted, and wanted by nobody' }),
    refused: Type.Record(Type.String({ pattern: '^HB[0-9]{3}$' }), Count, { description: 'not accepted, by code' }),
    readers: Type.Array(
      Type.Object(
        {
          name: Type.String(),
          ...ledger,
          topics: Type.Array(Type.Object({ topic: Type.String(), ...ledger }, open), {
            description: 'those with most waiting or lost first, 100 at most',
          }),
        },
        about('since the start, with what was found then: accepted = delivered + queued + expired + dropped'),
      ),
    ),
  },
  about('What waits for destinations that are away.'),
);

export type OutboxAnswer = Static<typeof OutboxJson>;
