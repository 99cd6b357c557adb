import Type, { type TSchema } from 'typebox';

/**
 * One option of a driver, cloud, service or policy. It *is* a JSON Schema; the phantom types say what a person writes
 * (`In`) and what the code gets after decoding (`Out`): `'5s'` and 5000 for a duration.
 */
export type Field<Out, In = Out> = TSchema & { readonly '~out'?: Out; readonly '~in'?: In };

/** Facts of a field beside its JSON Schema, under `x-hanbus`. `decode.ts` acts on `quantity`. */
export interface FieldFacts {
  /** The value is text with a unit, `5s`; it decodes to ms. */
  readonly quantity?: 'duration';
  /** Never shown in logs, pages, topics or errors; written as `$NAME`. */
  readonly secret?: boolean;
  /** A place of a device, as `hanbus scan` lists it. */
  readonly place?: boolean;
}

export type Fields = Readonly<Record<string, Field<unknown, unknown>>>;

type OutOf<F> = F extends { readonly '~out'?: infer Out } ? Exclude<Out, undefined> : never;
type InOf<F> = F extends { readonly '~in'?: infer In } ? Exclude<In, undefined> : never;
type IsOptional<F> = '~optional' extends keyof F ? true : false;
type HasDefault<F> = '~default' extends keyof F ? true : false;
type Simplify<T> = { [K in keyof T]: T[K] };

/** What `open` gets. */
export type OptionsOf<F extends Fields> = Simplify<
  { [K in keyof F as IsOptional<F[K]> extends true ? never : K]: OutOf<F[K]> } & {
    [K in keyof F as IsOptional<F[K]> extends true ? K : never]?: OutOf<F[K]>;
  }
>;

/** What a person writes. */
export type InputOf<F extends Fields> = Simplify<
  {
    [K in keyof F as IsOptional<F[K]> extends true ? never : HasDefault<F[K]> extends true ? never : K]: InOf<F[K]>;
  } & {
    [K in keyof F as IsOptional<F[K]> extends true ? K : HasDefault<F[K]> extends true ? K : never]?: InOf<F[K]>;
  }
>;

const facts = (about: FieldFacts) => ({ 'x-hanbus': about });

/** Free text. */
export function text(description: string): Field<string> {
  return Type.String({ description, minLength: 1 });
}

export interface Limits {
  readonly min?: number;
  readonly max?: number;
}

export function number(description: string, { min, max }: Limits = {}): Field<number> {
  return Type.Number({
    description,
    ...(min === undefined ? {} : { minimum: min }),
    ...(max === undefined ? {} : { maximum: max }),
  });
}

export function whole(description: string, { min, max }: Limits = {}): Field<number> {
  return Type.Integer({
    description,
    ...(min === undefined ? {} : { minimum: min }),
    ...(max === undefined ? {} : { maximum: max }),
  });
}

/** `true`/`false`, also written `on`/`off`, `yes`/`no`. */
export function flag(description: string): Field<boolean, boolean | 'on' | 'off' | 'yes' | 'no'> {
  return Type.Union([Type.Boolean(), Type.Enum(['on', 'off', 'yes', 'no'])], { description });
}

/** A time with its unit, `5s`, `10min`; decodes to ms. A bare number is an error that offers both readings. */
export function duration(description: string): Field<number, string> {
  return Type.String({ description, ...facts({ quantity: 'duration' }), examples: ['5s', '10min', '2h'] });
}

/** One of a few words. */
export function choice<const W extends string>(description: string, words: readonly W[]): Field<W> {
  return Type.Enum([...words], { description });
}

/** The place of a device. Left out when the harvest finds just one that matches. */
export function place(description: string): Field<string> {
  return Type.String({ description, minLength: 1, ...facts({ place: true }) });
}

/** A secret, written `$NAME` and kept in the environment or the secrets file. */
export function secret(description: string): Field<string> {
  return Type.String({ description, pattern: '^\\$[A-Z][A-Z0-9_]*$', ...facts({ secret: true }) });
}

export function list<Out, In>(description: string, item: Field<Out, In>): Field<readonly Out[], readonly In[]> {
  return Type.Array(item, { description });
}

export function record<Out, In>(
  description: string,
  item: Field<Out, In>,
): Field<Readonly<Record<string, Out>>, Readonly<Record<string, In>>> {
  return Type.Record(Type.String(), item, { description });
}

export function optional<Out, In>(field: Field<Out, In>): Field<Out, In> & { readonly '~optional'?: true } {
  return Type.Optional(field);
}

export function withDefault<Out, In>(
  field: Field<Out, In>,
  value: In,
): Field<Out, In> & { readonly '~default'?: true } {
  return Object.assign({}, field, { default: value });
}

/** The whole options object of a definition, as JSON Schema: unknown keys are refused. */
export function objectOf(fields: Fields): TSchema {
  const required = Object.entries(fields).map(([key, field]) => [
    key,
    'default' in field ? Type.Optional(field) : field,
  ]);
  return Type.Object(Object.fromEntries(required), { additionalProperties: false });
}
