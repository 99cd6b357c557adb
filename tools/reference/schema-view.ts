/** The few JSON Schema words that a page shows. */
export interface SchemaView {
  readonly type?: string;
  readonly description?: string;
  readonly const?: unknown;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly SchemaView[];
  readonly properties?: Readonly<Record<string, SchemaView>>;
  readonly required?: readonly string[];
  readonly items?: SchemaView;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly definitions?: Readonly<Record<string, SchemaView>>;
  readonly examples?: readonly unknown[];
  readonly 'x-hanbus'?: { readonly quantity?: string; readonly secret?: boolean; readonly place?: boolean };
}

/** A schema of typebox is JSON Schema: what is left after a trip through text is what the page may show. */
export function viewOf(schema: object): SchemaView {
  return JSON.parse(JSON.stringify(schema)) as SchemaView;
}
