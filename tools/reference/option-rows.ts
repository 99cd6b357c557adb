import { code } from './markdown.ts';
import type { SchemaView } from './schema-view.ts';

/** Text as it is, anything else as JSON. */
function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What a person writes for this member, in a few words. */
function writtenAs(schema: SchemaView): string {
  if (schema.const !== undefined) return code(plain(schema.const));
  if (schema.enum !== undefined) return schema.enum.map((word) => code(plain(word))).join(' ');
  if (schema.anyOf !== undefined) return unionOf(schema.anyOf);
  if (schema.type === 'array') return `list of ${writtenAs(schema.items ?? {})}`;
  return special(schema) ?? limited(schema);
}

function unionOf(members: readonly SchemaView[]): string {
  const isFlag = members.some(({ type }) => type === 'boolean');
  const words = members.flatMap((member) => member.enum ?? []);
  if (isFlag && words.includes('on')) return 'on or off';
  const kinds = members.length > MOST_FORMS ? members.map(limitedType) : members.map(writtenAs);
  return [...new Set(kinds)].join(' or ');
}

/** Beyond it the examples of the forms are left out. */
const MOST_FORMS = 4;

function limitedType({ type = 'anything' }: SchemaView): string {
  return TYPES[type] ?? type;
}

function special(schema: SchemaView): string | undefined {
  const { quantity, secret, place } = schema['x-hanbus'] ?? {};
  if (secret === true) return 'secret, `$NAME`';
  if (place === true) return 'place';
  if (quantity === 'duration') return 'time, such as `10s`';
  return undefined;
}

const TYPES: Readonly<Record<string, string>> = { string: 'text', integer: 'whole number', object: 'map' };

function limited(schema: SchemaView): string {
  const { type = 'anything', minimum, maximum } = schema;
  const name = TYPES[type] ?? type;
  if (typeof schema.examples?.[0] === 'string') return `${name}, such as ${code(schema.examples[0])}`;
  if (minimum === undefined && maximum === undefined) return name;
  if (maximum === undefined) return `${name} from ${minimum}`;
  return minimum === undefined ? `${name} to ${maximum}` : `${name} ${minimum} to ${maximum}`;
}

/** What happens when a member that has no default is not written. */
function withoutIt(member: SchemaView): string {
  return member['x-hanbus']?.place === true ? 'the only one that fits' : '*required*';
}

/** One row for each member of an object: name, what is written, default, about. */
export function optionRows(schema: SchemaView, prefix = ''): string[][] {
  return Object.entries(schema.properties ?? {}).map(([key, member]) => {
    const needed = schema.required?.includes(key) === true ? withoutIt(member) : '';
    const value = member.default === undefined ? needed : code(plain(member.default));
    return [code(`${prefix}${key}`), writtenAs(member), value, member.description ?? ''];
  });
}
