import Type, { type Static } from 'typebox';

/** What `history` answers, and the flash budget in `status`; the rules are those of `contracts.ts`. */
const optional = Type.Optional;
const open = { additionalProperties: true };
const Time = (description: string) => Type.Number({ description: `${description}, ms since 1970` });
const Value = Type.Unknown({ description: 'number, text, on/off as boolean, JSON; null when nobody knew' });

const BucketJson = Type.Object(
  {
    t: Time('its start'),
    n: Type.Integer({ description: 'readings in it' }),
    avg: optional(Type.Number({ description: 'weighted by time; on is 1, off is 0' })),
    min: optional(Type.Number()),
    max: optional(Type.Number()),
    last: optional(Type.Unknown({ description: 'what held at its end' })),
  },
  open,
);

const TotalsJson = Type.Object(
  {
    today: Type.Number({ description: 'increase since midnight of the time zone of the node' }),
    month: Type.Number({ description: 'increase since the first day of this month' }),
    days: Type.Array(
      Type.Object(
        { day: Type.String({ description: '2026-11-22' }), increase: Type.Number(), last: Type.Number() },
        open,
      ),
      { description: 'oldest first; kept for ten years' },
    ),
  },
  open,
);

export const HistoryJson = Type.Object(
  {
    hanbus: Type.Literal('history/1'),
    node: Type.String(),
    point: Type.String({ description: 'full name: kitchen.air.temperature' }),
    type: Type.Enum(['number', 'boolean', 'text', 'enum', 'json', 'event']),
    unit: optional(Type.String()),
    from: Time('begin'),
    to: Time('end, not with it'),
    now: Time('time of the node'),
    count: Type.Integer({ description: 'readings in this time' }),
    oldest: optional(Time('of the oldest reading that is kept, about')),
    newest: optional(Time('of the newest reading')),
    buckets: Type.Array(BucketJson),
    spans: optional(
      Type.Array(Type.Object({ from: Time('begin'), to: Time('end'), v: Value }, open), {
        description: 'on/off and words: how long each value held; the newest 1,000',
      }),
    ),
    raw: optional(
      Type.Array(Type.Object({ t: Time('time'), v: Value, q: Type.String({ description: 'quality' }) }, open), {
        description: 'oldest first; the newest as many as asked for',
      }),
    ),
    waiting: optional(
      Type.Integer({ description: 'readings, of all points, that wait for a clock that can be trusted' }),
    ),
    cut: Type.Boolean({ description: 'there were more spans or raw readings than fit' }),
    totals: optional(TotalsJson),
  },
  { ...open, description: 'What a point was over some time.' },
);

export const FlashJson = Type.Object(
  {
    since: Time('counted since'),
    bytes: Type.Integer({ description: 'written in the last 24 hours, or since the start' }),
    writes: Type.Integer(),
    syncs: Type.Integer({ description: 'times that the disk was made to write at once' }),
    bytesPerDay: Type.Number({ description: 'at the pace of the last hour' }),
    budget: Type.Number({ description: 'bytes per day; above it readings are gathered longer' }),
    stores: Type.Array(
      Type.Object({ name: Type.String(), bytes: Type.Integer(), writes: Type.Integer(), syncs: Type.Integer() }, open),
      { description: 'most bytes first' },
    ),
  },
  { ...open, description: 'What the node writes to its disk: wear of an SD card.' },
);

export type HistoryAnswer = Static<typeof HistoryJson>;
export type FlashAnswer = Static<typeof FlashJson>;
