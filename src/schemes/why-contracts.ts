import Type, { type Static } from 'typebox';

/** What `why` answers; the rules are those of `contracts.ts`. */
const optional = Type.Optional;
const open = { additionalProperties: true };
const about = (description: string) => ({ ...open, description });
const Time = Type.Number({ description: 'ms since 1970' });
const Values = Type.Record(Type.String(), Type.Unknown(), { description: 'by full name; null: unknown' });
const FinalState = Type.Enum([
  'received',
  'accepted',
  'running',
  'done',
  'failed',
  'rejected',
  'expired',
  'superseded',
  'unknown',
]);

/** How a rule is now. */
export const RULE_STATUS = {
  rule: Type.String(),
  about: optional(Type.String()),
  state: Type.Enum(['flapping', 'paused', 'ready', 'running', 'waiting']),
  when: Type.Array(Type.String()),
  today: Type.Integer({ description: 'runs since local midnight' }),
  lastRun: optional(Time),
  lastFailure: optional(Type.String()),
};

const TraceJson = Type.Object(
  {
    at: Time,
    result: Type.Enum(['acted', 'condition', 'cooldown', 'failed', 'ignored', 'paused', 'short']),
    cause: Type.String(),
    values: Values,
    steps: Type.Array(
      Type.Object(
        {
          text: Type.String(),
          at: Time,
          state: FinalState,
          ms: optional(Type.Number()),
          why: optional(Type.String()),
        },
        open,
      ),
    ),
    fingerprint: Type.String(),
  },
  open,
);

const ExplanationJson = Type.Object(
  {
    ...RULE_STATUS,
    missing: optional(Type.Array(Type.String())),
    words: optional(Type.String({ description: 'what the rule means' })),
    tests: Type.Array(
      Type.Object(
        {
          part: Type.Enum(['if', 'when']),
          text: Type.String(),
          holds: Type.Union([Type.Boolean(), Type.Null()], { description: 'null: unknown' }),
          now: Values,
          needs: optional(Type.String()),
        },
        open,
      ),
    ),
    last: optional(TraceJson),
    nearest: optional(Type.Object({ at: Time, text: Type.String() }, open)),
    next: Type.String(),
    traces: Type.Array(TraceJson),
  },
  open,
);

const PathJson = Type.Object(
  {
    point: Type.String({ description: 'full name' }),
    type: Type.String(),
    unit: optional(Type.String()),
    device: optional(
      Type.Object(
        {
          name: Type.String(),
          kind: Type.String(),
          at: Type.String(),
          state: optional(Type.String()),
          why: optional(Type.String({ description: 'why hanbus knows this device' })),
        },
        open,
      ),
    ),
    policy: optional(Type.Record(Type.String(), Type.Unknown(), { description: 'publish policy, filters too' })),
    reading: optional(
      Type.Object(
        {
          value: Type.Unknown(),
          text: Type.String(),
          quality: Type.String(),
          why: optional(Type.String()),
          time: optional(Time),
        },
        open,
      ),
    ),
    command: optional(
      Type.Object(
        {
          id: optional(Type.String()),
          value: Type.String(),
          by: Type.String(),
          at: Time,
          state: optional(FinalState),
          why: optional(Type.String()),
        },
        open,
      ),
    ),
    readBy: Type.Array(Type.String({ description: 'rules' })),
    writtenBy: Type.Array(Type.String({ description: 'rules' })),
  },
  open,
);

export const WhyJson = Type.Object(
  {
    hanbus: Type.Literal('why/1'),
    node: Type.String(),
    rule: optional(ExplanationJson),
    point: optional(PathJson),
  },
  about('Why a rule did or did not run, or where the value of a point comes from.'),
);

export type WhyAnswer = Static<typeof WhyJson>;
export type PathAnswer = Static<typeof PathJson>;
export type ExplanationAnswer = Static<typeof ExplanationJson>;
