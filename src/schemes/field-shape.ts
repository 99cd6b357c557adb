import type { TSchema } from 'typebox';
import type { FieldFacts } from './fields.ts';
import { isRecord } from './yaml-value.ts';

/** The parts of a field's JSON Schema that checks and pages look at. */
export interface Shape {
  readonly type: string | undefined;
  readonly description: string | undefined;
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly patternProperties?: Readonly<Record<string, TSchema>>;
  readonly additionalProperties?: unknown;
  readonly required?: readonly string[];
  readonly items?: TSchema;
  readonly options?: readonly unknown[];
  readonly anyOf?: readonly TSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly examples?: readonly unknown[];
  /** What it takes, in words: `a whole number from 0 to 3`. */
  readonly words: string;
}

/** Reads a schema as plain data: it is JSON Schema, whatever built it. */
export function shapeOf(schema: TSchema): Shape {
  const plain: Readonly<Record<string, unknown>> = { ...schema };
  const shape = {
    type: textOf(plain.type),
    description: textOf(plain.description),
    ...schemasIn(plain, 'properties'),
    ...schemasIn(plain, 'patternProperties'),
    additionalProperties: plain.additionalProperties,
    ...(isTexts(plain.required) ? { required: plain.required } : {}),
    ...(isSchema(plain.items) ? { items: plain.items } : {}),
    ...(Array.isArray(plain.enum) ? { options: plain.enum } : {}),
    ...(Array.isArray(plain.anyOf) ? { anyOf: plain.anyOf.filter(isSchema) } : {}),
    ...numberIn(plain, 'minimum'),
    ...numberIn(plain, 'maximum'),
    ...(typeof plain.pattern === 'string' ? { pattern: plain.pattern } : {}),
    ...(Array.isArray(plain.examples) ? { examples: plain.examples } : {}),
  };
  return { ...shape, words: wordsOf(shape) };
}

/** The facts under `x-hanbus`. */
export function factsOf(schema: TSchema): FieldFacts {
  const facts: unknown = Reflect.get(schema, 'x-hanbus');
  return isRecord(facts) ? facts : {};
}

/** The schema of one key, by name or by pattern. */
export function memberOf(shape: Shape, key: string): TSchema | undefined {
  if (shape.properties !== undefined && Object.hasOwn(shape.properties, key)) return shape.properties[key];
  const patterns = Object.entries(shape.patternProperties ?? {});
  return patterns.find(([pattern]) => new RegExp(pattern).test(key))?.[1];
}

/** on/off: a boolean beside words. */
export function isFlag(shape: Shape): boolean {
  const inner = shape.anyOf?.map(shapeOf) ?? [];
  return inner.some(({ type }) => type === 'boolean') && inner.some(({ options }) => options?.includes('on') === true);
}

function wordsOf(shape: Omit<Shape, 'words'>): string {
  const { type, minimum, maximum, options, anyOf } = shape;
  if (options !== undefined) return `one of ${options.join(', ')}`;
  if (anyOf !== undefined) return anyOf.map((inner) => shapeOf(inner).words).join(' or ');
  if (type === 'integer' || type === 'number') {
    return `${type === 'integer' ? 'a whole number' : 'a number'}${limitWords(minimum, maximum)}`;
  }
  return { array: 'a list', boolean: 'true or false', object: 'a map', string: 'text' }[type ?? ''] ?? 'another value';
}

function limitWords(minimum: number | undefined, maximum: number | undefined): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` of at least ${minimum}`;
  return maximum === undefined ? '' : ` of at most ${maximum}`;
}

function isSchema(value: unknown): value is TSchema {
  return isRecord(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function schemasIn<K extends string>(plain: Readonly<Record<string, unknown>>, key: K) {
  const found = plain[key];
  if (!isRecord(found)) return {};
  const schemas = Object.fromEntries(
    Object.entries(found).filter((entry): entry is [string, TSchema] => isSchema(entry[1])),
  );
  return { [key]: schemas };
}

function numberIn<K extends string>(plain: Readonly<Record<string, unknown>>, key: K) {
  return typeof plain[key] === 'number' ? { [key]: plain[key] } : {};
}
