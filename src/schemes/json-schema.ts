import type { TSchema } from 'typebox';
import { brokerSchema } from './broker-schema.ts';
import { stateSchema } from './check-state.ts';
import { factsOf, shapeOf } from './field-shape.ts';
import { type Fields, objectOf } from './fields.ts';
import { guardFields } from './guard-fields.ts';
import type { KindFacts, Kinds } from './kind-facts.ts';
import { NAME_PATTERN } from './names.ts';
import { policySchema } from './policy-schema.ts';
import { rulesFields } from './rules/rules-schema.ts';
import { waitingFields } from './waiting-fields.ts';

/** JSON Schema as plain JSON. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** This home's own names, for `hanbus schema --live`: devices that are found, with their points. */
export interface LiveNames {
  readonly devices: Readonly<Record<string, readonly string[]>>;
}

const DURATION = '^(?:\\d+(?:\\.\\d+)?\\s*(?:ms|min|s|h|d|w)\\s*)+$';

/**
 * The schema of scheme files for editors: draft-07, which the YAML language server supports. Made of the fields that
 * the checks use; what a schema cannot say (pins in use, names) only `hanbus check` tells.
 */
export function schemeJsonSchema(kinds: Kinds, live: LiveNames = { devices: {} }): JsonSchema {
  const facts = [...kinds.values()].toSorted((a, b) => (a.kind < b.kind ? -1 : 1));
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'hanbus scheme',
    description: 'What a hanbus node knows about its devices, beside what it finds by itself. An empty file is valid.',
    type: 'object',
    additionalProperties: false,
    properties: {
      node: nodeSchema(),
      publish: { $ref: '#/definitions/publish' },
      devices: {
        description: 'Devices by name: a kind, or a map with kind, place, points and options.',
        type: 'object',
        propertyNames: { pattern: NAME_PATTERN },
        properties: liveDevices(live),
        additionalProperties: { $ref: '#/definitions/device' },
      },
      broker: brokerSchema(),
      include: { description: 'More files, from the directory of this one.', type: 'array', items: { type: 'string' } },
      ...Object.fromEntries(
        Object.entries({ ...waitingFields(), ...rulesFields(), state: stateSchema() }).map(([key, field]) => [
          key,
          editorSchema(field),
        ]),
      ),
    },
    definitions: {
      name: { type: 'string', pattern: NAME_PATTERN },
      publish: editorSchema(policySchema()),
      point: pointSchema(),
      written: { anyOf: [{ description: 'Kind.', enum: facts.map(({ kind }) => kind) }, ...facts.map(deviceSchema)] },
      device: { anyOf: [{ $ref: '#/definitions/written' }, tuned()] },
    },
  };
}

/** One field for an editor: internal marks out, quantities as patterns. */
function editorSchema(field: TSchema): JsonSchema {
  const plain: unknown = JSON.parse(JSON.stringify(field));
  const { quantity } = factsOf(field);
  const { description, properties, patternProperties, items, anyOf } = shapeOf(field);
  const schema: Record<string, unknown> = typeof plain === 'object' && plain !== null ? { ...plain } : {};
  delete schema['x-hanbus'];
  if (quantity === 'duration') return { description, type: 'string', pattern: DURATION, examples: ['5s', '10min'] };
  if (properties !== undefined) schema.properties = mapSchemas(properties);
  if (patternProperties !== undefined) schema.patternProperties = mapSchemas(patternProperties);
  if (items !== undefined) schema.items = editorSchema(items);
  if (anyOf !== undefined) schema.anyOf = anyOf.map(editorSchema);
  return schema;
}

function mapSchemas(schemas: Readonly<Record<string, TSchema>>): JsonSchema {
  return Object.fromEntries(Object.entries(schemas).map(([key, schema]) => [key, editorSchema(schema)]));
}

function deviceSchema({ kind, summary, options, points }: KindFacts): JsonSchema {
  const fields: Fields = Object.fromEntries(Object.entries(options).filter(([key]) => key !== 'at'));
  const { properties = {}, required = [] } = shapeOf(objectOf(fields));
  return {
    title: kind,
    description: summary,
    type: 'object',
    additionalProperties: false,
    required: ['kind', ...required],
    properties: {
      kind: { const: kind, description: summary },
      ...commonProperties(points === 'found' ? undefined : Object.keys(points)),
      ...(isOutput(points) ? mapSchemas(guardFields()) : {}),
      ...mapSchemas(properties),
    },
  };
}

function isOutput(points: KindFacts['points']): boolean {
  return points === 'found' || Object.values(points).some(({ settable }) => settable === true);
}

/** An entry without a kind tunes a device that is found. */
function tuned(points?: readonly string[]): JsonSchema {
  return {
    title: 'a device that is found',
    type: 'object',
    additionalProperties: false,
    properties: {
      points: pointsSchema(points),
      publish: { $ref: '#/definitions/publish' },
      ...mapSchemas(guardFields()),
    },
  };
}

function liveDevices({ devices }: LiveNames): JsonSchema {
  const entries = Object.entries(devices).map(([name, points]) => [
    name,
    { anyOf: [tuned(points), { $ref: '#/definitions/written' }] },
  ]);
  return Object.fromEntries(entries);
}

function commonProperties(points: readonly string[] | undefined): JsonSchema {
  return {
    at: {
      description: 'Place, as `hanbus scan` lists it; left out when only one device matches.',
      type: 'string',
      examples: ['1wire:28-0316a2794cff', 'i2c-1:0x76', 'gpio17', '/dev/ttyUSB0'],
    },
    points: pointsSchema(points),
    publish: { $ref: '#/definitions/publish' },
  };
}

function pointsSchema(points: readonly string[] | undefined): JsonSchema {
  const point = { $ref: '#/definitions/point' };
  const description = 'What to change about each point.';
  if (points === undefined) return { description, type: 'object', additionalProperties: point };
  const properties = Object.fromEntries(points.map((name) => [name, point]));
  return { description, type: 'object', additionalProperties: false, properties };
}

function pointSchema(): JsonSchema {
  const { filter, round, unit } = mapSchemas(shapeOf(policySchema()).properties ?? {});
  return {
    type: 'object',
    additionalProperties: false,
    properties: {
      name: { description: 'Another name, which becomes its topic.', $ref: '#/definitions/name' },
      about: { description: 'One phrase for people.', type: 'string' },
      unit,
      scale: {
        description: 'Two measured amounts and what they mean: {2.6V: 0, 1.2V: 100}.',
        type: 'object',
        minProperties: 2,
        maxProperties: 2,
        additionalProperties: { type: 'number' },
      },
      filter,
      round,
      publish: { $ref: '#/definitions/publish' },
      ...mapSchemas(guardFields()),
    },
  };
}

function nodeSchema(): JsonSchema {
  const name = { description: 'Name of the node; default: the host name.', $ref: '#/definitions/name' };
  const location = {
    description: 'Latitude and longitude.',
    type: 'array',
    items: { type: 'number' },
    minItems: 2,
    maxItems: 2,
  };
  const properties = { name, area: { description: 'Room or area.', type: 'string' }, location };
  const description = 'Name of the node, or a map with more about it.';
  return { description, anyOf: [name, { type: 'object', additionalProperties: false, properties }] };
}
