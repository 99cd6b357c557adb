import Type, { type TSchema } from 'typebox';
import { choice, duration, number, optional, text, whole } from './fields.ts';

/** Limits of an output: keys of its device (for all its points that take commands) or of one of its points. */
export function guardFields(): Readonly<Record<string, TSchema>> {
  return {
    dead_man: optional(duration('Without a new command for so long it goes to `safe`.')),
    interlock: Type.Optional(interlock()),
    manual: optional(duration('So long rules leave it alone after a person switched it by hand.')),
    max_on: optional(duration('Longest time on; then it is switched back.')),
    max_per_hour: optional(whole('Most switches on in any 60 minutes.', { min: 1, max: 100_000 })),
    min_off: optional(duration('Shortest time off.')),
    min_on: optional(duration('Shortest time on.')),
    mode: optional(choice('`once`: each command is an act that must never happen twice.', ['once', 'set'])),
    only_if: optional(text('Condition that must hold to switch it on.')),
    rate: optional(number('Commands a second that are taken from one sender.', { min: 0.01, max: 1_000 })),
    restore: optional(choice('What a restart makes of it.', ['last', 'leave', 'safe'])),
    safe: Type.Optional(
      Type.Union([Type.Boolean(), Type.Number(), Type.String()], {
        description: 'State at the start, after a crash and when the dead man is silent.',
      }),
    ),
  };
}

function interlock(): TSchema {
  const group = text('Group of which one member at most is on.');
  const long = Type.Object(
    { group, wait: optional(duration('Time between one going off and another on.')) },
    { additionalProperties: false },
  );
  return Type.Union([group, long], {
    description: 'Group of which one member at most is on: a name, or {group, wait}.',
  });
}

export const GUARD_KEYS: readonly string[] = [
  ...['dead_man', 'interlock', 'manual', 'max_on', 'max_per_hour', 'min_off', 'min_on', 'mode', 'only_if'],
  ...['rate', 'restore', 'safe'],
];
