import Type, { type TSchema } from 'typebox';
import { choice, duration, list, optional, record, text, whole } from './fields.ts';

const anything = (description: string): TSchema => Type.Optional(Type.Unknown({ description }));
const closed = (members: Record<string, TSchema>, description: string): TSchema =>
  Type.Object(members, { additionalProperties: false, description });
const named = (member: TSchema, description: string): TSchema => record(description, member);

const rule = closed(
  {
    when: text('Event that starts the rule: a condition becoming true, a time, `every 15min`.'),
    if: optional(text('Condition that must hold at that moment.')),
    // biome-ignore lint/suspicious/noThenProperty: this is the word of the scheme language
    then: Type.Unknown({ description: 'Target: value; a list runs in order.' }),
    else: anything('What to do when `when` stops being true.'),
    cooldown: optional(duration('Shortest time between two runs.')),
    mode: optional(choice('What a second start does while the rule runs.', ['ignore', 'parallel', 'queue', 'restart'])),
    run_on: optional(text('Node that runs the rule.')),
    tests: optional(list('Cases: `given`, `expect`.', Type.Object({}, { additionalProperties: true }))),
    about: optional(text('What the rule is for.')),
  },
  'A rule.',
);

const connection = (description: string): TSchema =>
  Type.Object({ kind: text('Kind of bridge or service.') }, { additionalProperties: true, description });

const variable = closed(
  {
    values: optional(list('Words it can be.', text('Word.'))),
    initial: anything('Value before anybody sets it.'),
    counter: optional(text('Event that is counted.')),
    reset: optional(text('When a counter starts again.')),
  },
  'A shared variable of the home.',
);

/** The parts of a scheme that this version checks by their form and does not run. */
export function waitingFields(): Readonly<Record<string, TSchema>> {
  return {
    bridges: named(connection('A connection to another broker or a cloud.'), 'Bridges by name.'),
    dashboard: closed({ port: optional(whole('Port of the dashboard.', { min: 1, max: 65_535 })) }, 'The dashboard.'),
    home: named(variable, 'Shared variables of the home by name.'),
    mesh: closed({ name: optional(text('Name of the home.')) }, 'The mesh of nodes.'),
    rules: named(rule, 'Rules by name.'),
    services: named(connection('An outside API.'), 'Services by name.'),
    state: closed(
      {
        keep: optional(duration('How long history is kept.')),
        max: optional(text('Most space that history may take, such as 64MB.')),
      },
      'History.',
    ),
  };
}
