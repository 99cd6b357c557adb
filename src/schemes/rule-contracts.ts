import Type, { type Static } from 'typebox';
import { RULE_STATUS } from './why-contracts.ts';

/** What `rule` and `check --test` answer; the rules are those of `contracts.ts`. */
const optional = Type.Optional;
const open = { additionalProperties: true };
const about = (description: string) => ({ ...open, description });
const Time = Type.Number({ description: 'ms since 1970' });
export const RuleStatusJson = Type.Object(
  { ...RULE_STATUS, missing: optional(Type.Array(Type.String({ description: 'points that were never seen' }))) },
  open,
);

export const RulesJson = Type.Object(
  {
    hanbus: Type.Literal('rules/1'),
    node: Type.String(),
    rules: Type.Array(RuleStatusJson),
    pending: Type.Integer({ description: 'commands whose outcome is still open' }),
  },
  about('Every rule of a node with its state.'),
);

export const RuleJson = Type.Object(
  {
    hanbus: Type.Literal('rule/1'),
    node: optional(Type.String()),
    rule: Type.String(),
    did: Type.Enum(['added', 'paused', 'ran', 'removed', 'resumed']),
    file: optional(Type.String({ description: 'the scheme file that was written' })),
    words: optional(Type.String({ description: 'what the rule means' })),
    yaml: optional(Type.String()),
    dry: optional(Type.Boolean({ description: 'nothing was written' })),
    replayed: optional(Type.Integer({ description: 'times that it would have run' })),
  },
  about('What was done to a rule.'),
);

export const ReplayJson = Type.Object(
  {
    hanbus: Type.Literal('replay/1'),
    node: Type.String(),
    rule: Type.String(),
    words: Type.String({ description: 'what the rule means' }),
    from: Time,
    to: Time,
    readings: Type.Integer({ description: 'of history that were played; 0: there is none' }),
    noHistory: optional(Type.Array(Type.String({ description: 'points of the rule without history' }))),
    runs: Type.Array(
      Type.Object(
        {
          at: Time,
          ms: optional(Type.Number({ description: 'until its else' })),
          did: Type.Array(Type.String()),
        },
        open,
      ),
    ),
    more: optional(Type.Integer({ description: 'runs beside those listed' })),
  },
  about('What a rule would have done over the stored history.'),
);

/** One test of a rule, in the answer of `check --test`. */
export const RuleTestJson = Type.Object(
  {
    rule: Type.String(),
    test: Type.Integer({ description: 'from 1 on within the rule' }),
    ok: Type.Boolean(),
    place: optional(Type.String({ description: 'file:line:column' })),
    expected: Type.Array(Type.String()),
    got: Type.Array(Type.String()),
    why: optional(Type.String({ description: 'what `why` says of the rule at the end' })),
  },
  open,
);

export type RulesAnswer = Static<typeof RulesJson>;
export type RuleAnswer = Static<typeof RuleJson>;
export type ReplayAnswer = Static<typeof ReplayJson>;
export type RuleTestAnswer = Static<typeof RuleTestJson>;
