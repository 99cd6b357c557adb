import Type, { type TSchema } from 'typebox';
import { choice, duration, list, optional, record, text } from '../fields.ts';

const anything = (description: string): TSchema => Type.Unknown({ description });
const closed = (members: Record<string, TSchema>, description: string): TSchema =>
  Type.Object(members, { additionalProperties: false, description });

const RESETS = ['daily', 'monthly', 'never', 'weekly', 'yearly'] as const;
export const RULE_MODES = ['ignore', 'parallel', 'queue', 'restart'] as const;

let schema: TSchema | undefined;

/** The keys of one rule; its texts are read by `read-rules.ts`. */
export function ruleSchema(): TSchema {
  schema ??= makeRuleSchema();
  return schema;
}

function makeRuleSchema(): TSchema {
  return closed(
    {
      when: Type.Union([Type.String({ minLength: 1 }), Type.Array(Type.String({ minLength: 1 }))], {
        description:
          'What starts the rule; any of a list. A condition becoming true (`air.temperature > 28 for 2min`), an event (`button.pressed`), `07:30`, `every 15min`, `sunset + 15min`, `cron "*/5 * * * *"`, `x changed`, `fridge is gone`, `message "a/b"`, `start`.',
      }),
      if: optional(text('Condition that must hold at that moment.')),
      then: anything('Target: value; a map at once, a list in order. Also wait, wait_until, parallel, publish, scene.'),
      else: Type.Optional(anything('What to do when `when`, a single condition, stops being true.')),
      cooldown: optional(duration('Shortest time between two runs.')),
      mode: optional(choice('What a second start does while the rule runs.', RULE_MODES)),
      catchup: optional(duration('A time that was missed (power cut) is made up for within so long.')),
      run_on: optional(text('Node that runs the rule.')),
      about: optional(text('What the rule is for.')),
      tests: optional(list('Cases in virtual time: `given`, `after`, `expect`.', testSchema())),
    },
    'A rule.',
  );
}

function testSchema(): TSchema {
  const values = 'Point: value, `20 for 11min`; also `time` and `date`.';
  return closed(
    {
      given: Type.Optional(
        Type.Union(
          [
            Type.Object({}, { additionalProperties: true }),
            Type.Array(Type.Object({}, { additionalProperties: true })),
          ],
          {
            description: `${values} A list: one after the other.`,
          },
        ),
      ),
      after: optional(duration('Time that passes then.')),
      expect: anything('Target: value, in order; {} for nothing.'),
      about: optional(text('What the case shows.')),
    },
    'A test of the rule.',
  );
}

/** A variable of the home. */
export function variableSchema(): TSchema {
  return closed(
    {
      values: optional(
        list('Words it can be.', Type.Union([Type.String(), Type.Number(), Type.Boolean()], { description: 'Word.' })),
      ),
      type: optional(choice('Its sort, where it is no word.', ['boolean', 'enum', 'number', 'text'])),
      unit: optional(text('Unit of a number.')),
      initial: Type.Optional(anything('Value before anybody sets it.')),
      counter: optional(text('Event or condition that is counted.')),
      reset: optional(choice('When a counter starts again at 0.', RESETS)),
      about: optional(text('What it is for.')),
    },
    'A shared variable of the home.',
  );
}

/** Top keys of a scheme that are about rules. */
export function rulesFields(): Readonly<Record<string, TSchema>> {
  return {
    groups: record('Groups by name: points that take the same commands.', list('Members.', text('Point.'))),
    home: record('Shared variables of the home by name.', variableSchema()),
    rules: record('Rules by name.', ruleSchema()),
    scenes: record('Scenes by name: what a set of outputs becomes.', anything('Target: value.')),
  };
}
