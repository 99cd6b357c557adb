import type { TSchema } from 'typebox';
import { CONTRACTS } from '../../src/schemes/contracts.ts';
import type { GeneratedFile } from '../generated.ts';
import { code, fence, head, table } from './markdown.ts';
import { type SchemaView, viewOf } from './schema-view.ts';

const FOLDER = 'docs/reference/json';
const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** Members of an object, and of objects inside it, one row each. */
function rowsOf(schema: SchemaView, prefix = ''): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, member]) => {
    const name = `${prefix}${key}`;
    const inner = member.type === 'array' ? (member.items ?? {}) : member;
    const always = schema.required?.includes(key) ? 'always' : '';
    const below = rowsOf(inner, `${name}${member.type === 'array' ? '[]' : ''}.`);
    return [[code(name), typeName(member), always, member.description ?? ''], ...below];
  });
}

function typeName(schema: SchemaView): string {
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (schema.enum !== undefined)
    return schema.enum.map((word) => code(typeof word === 'string' ? word : JSON.stringify(word))).join(' ');
  if (schema.type === 'array') return `list of ${typeName(schema.items ?? {})}`;
  return schema.type ?? 'any';
}

function section(name: string, schema: TSchema): string {
  const view = viewOf(schema);
  const members = table(['member', 'type', 'present', 'about'], rowsOf(view));
  return `## ${name}\n\n${view.description ?? ''}\n\nSchema: [${name}.schema.json](json/${name}.schema.json)\n\n${members}`;
}

function schemaFile(name: string, schema: TSchema): GeneratedFile {
  const text = JSON.stringify({ $schema: DIALECT, title: `hanbus ${name}`, ...schema }, undefined, 2);
  return { path: `${FOLDER}/${name}.schema.json`, text: `${text}\n` };
}

export function jsonPages(): GeneratedFile[] {
  const contracts = Object.entries(CONTRACTS).sort(([a], [b]) => a.localeCompare(b));
  const about = [
    'What `--json` prints, `$res/<verb>` carries and the socket answers: one shape for all three. The member `hanbus`',
    'names the shape and its version. Inside a version members are only added, so ignore those you do not know.',
    '',
    fence('sh', "npx hanbus ls --json | jq '.devices[].points[] | {topic, value, unit}'"),
  ].join('\n');
  const page = [head('JSON', about), ...contracts.map(([name, schema]) => section(name, schema))].join('\n');
  return [
    { path: 'docs/reference/json.md', text: page },
    ...contracts.map(([name, schema]) => schemaFile(name, schema)),
  ];
}
