import Type from 'typebox';

const optional = Type.Optional;

/** A problem as `--json`, `$res` and the HTTP API tell it. */
export const ProblemJson = Type.Object(
  {
    code: Type.String({ pattern: '^HB[0-9]{3}$' }),
    severity: Type.Enum(['error', 'warning', 'note']),
    message: Type.String(),
    file: optional(Type.String()),
    line: optional(Type.Integer({ minimum: 1 })),
    column: optional(Type.Integer({ minimum: 1 })),
    suggestion: optional(Type.String()),
    fix: optional(Type.String()),
  },
  { additionalProperties: true },
);
