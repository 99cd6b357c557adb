import Type, { type TSchema } from 'typebox';
import { FILTERS } from './filter-catalog.ts';
import { knownUnits } from './units.ts';

const TIME = '^(?:\\d+(?:\\.\\d+)?\\s*(?:ms|min|s|h|d|w)\\s*)+$';

function time(description: string): TSchema {
  return Type.String({ description, pattern: TIME, examples: ['5s', '10min', '1h'] });
}

/** A chain for editors: they complete the names and show the summaries; the parser judges the arguments. */
export function filterSchema(): TSchema {
  const names = Object.keys(FILTERS);
  const texts = Object.entries(FILTERS).map(([name, { summary, example }]) =>
    Type.String({ description: summary, pattern: `^\\s*${name}(?:\\s|$)`, examples: [example] }),
  );
  const maps = Type.Object(
    {},
    {
      patternProperties: { [`^(?:${names.join('|')})(?:\\s|$)`]: {} },
      additionalProperties: false,
      minProperties: 1,
      maxProperties: 1,
    },
  );
  const step = Type.Union([...texts, maps]);
  return Type.Union([step, Type.Array(step, { maxItems: 20 })], { description: 'Filter chain, first to last.' });
}

/** A publish policy as JSON Schema, for editors and forms. Every key may be missing. */
export function policySchema(): TSchema {
  const flag = Type.Union([Type.Boolean(), Type.Enum(['on', 'off', 'yes', 'no'])]);
  const terms = {
    ttl: Type.Optional(time('Older is not sent.')),
    sync: Type.Optional(Type.Boolean({ description: 'On the disk at once: no power cut loses it.' })),
  };
  const last = Type.Object(
    { last: Type.Integer({ minimum: 1, maximum: 100_000 }), ...terms },
    { additionalProperties: false },
  );
  const all = Type.Object({ all: Type.Literal(true), ...terms }, { additionalProperties: false });
  const amount = Type.String({
    pattern: '^(?:any|[+]?(?:\\d+\\.?\\d*|\\.\\d+)\\s*\\S*)$',
    examples: ['2%', '0.2°C', 'any'],
  });
  const keys = {
    every: time('Heartbeat: published at least this often, changed or not.'),
    on_change: Type.Union([Type.Number({ minimum: 0 }), amount], {
      description: 'Smallest change worth telling: absolute, or in percent of the last published value.',
    }),
    at_most: time('Rate cap: published at most once in this time.'),
    filter: filterSchema(),
    unit: Type.String({ description: 'Converted to this unit.', examples: [...knownUnits().keys()] }),
    round: Type.Integer({ description: 'Decimals.', minimum: 0, maximum: 10 }),
    retain: Type.Union([...flag.anyOf], { description: 'Kept by the broker for late subscribers.' }),
    qos: Type.Enum([0, 1, 2], { description: 'MQTT quality of service.' }),
    keep: Type.Union([Type.Enum(['latest', 'all', 'none']), Type.String({ pattern: '^last\\s+\\d+$' }), last, all], {
      description: 'What is kept while the way is blocked.',
    }),
    history: Type.Union([...flag.anyOf], { description: 'Recorded for history; default on.' }),
  };
  const optional = Object.fromEntries(Object.entries(keys).map(([key, schema]) => [key, Type.Optional(schema)]));
  return Type.Object(optional, { additionalProperties: false, description: 'When and how readings are published.' });
}
