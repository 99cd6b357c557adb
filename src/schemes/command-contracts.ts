import Type, { type Static } from 'typebox';

/** The JSON answers about commands. */
const optional = Type.Optional;
const open = { additionalProperties: true };
const about = (description: string) => ({ ...open, description });

const State = Type.Enum(['done', 'failed', 'rejected', 'expired', 'superseded', 'unknown']);
const Value = Type.Unknown({ description: 'number, text, boolean or JSON' });
const Code = Type.String({ pattern: '^HB[0-9]{3}$' });

export const CommandsJson = Type.Object(
  {
    hanbus: Type.Literal('commands/1'),
    node: Type.String(),
    commands: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          point: Type.String({ description: 'device.point' }),
          value: Value,
          by: Type.String({ description: 'who wanted it: `rule:water`, `dashboard:ann`' }),
          origin: Type.String({ description: 'who put it on the bus: `mqtt:client-7`' }),
          at: Type.Integer({ description: 'ms since 1970' }),
          st: State,
          code: optional(Code),
          why: optional(Type.String()),
          ms: Type.Number({ description: 'from its arrival to its outcome' }),
          times: Type.Integer({ minimum: 1, description: 'like ones in a row, told as one' }),
        },
        open,
      ),
    ),
  },
  about('The last commands, newest first: who wanted what, and what became of it.'),
);

export const SetJson = Type.Object(
  {
    hanbus: Type.Literal('set/1'),
    node: Type.String(),
    point: Type.String({ description: 'device.point' }),
    id: Type.String(),
    st: Type.Enum(['accepted', 'done', 'failed', 'rejected', 'expired', 'superseded', 'unknown', 'would']),
    value: optional(Value),
    text: optional(Type.String({ description: 'the value as shown to people, with unit' })),
    code: optional(Code),
    why: optional(Type.String({ description: 'why it is not done, or what it waits for' })),
    ms: Type.Number({ description: 'until the outcome' }),
    forMs: optional(Type.Number({ description: 'back to rest after' })),
  },
  about('What became of one command. `would`: a dry run that found nothing against it.'),
);

export type CommandsAnswer = Static<typeof CommandsJson>;
export type SetAnswer = Static<typeof SetJson>;
