import { schemeJsonSchema } from '../../src/schemes/json-schema.ts';
import type { Kinds } from '../../src/schemes/kind-facts.ts';
import { policySchema } from '../../src/schemes/policy-schema.ts';
import { knownUnits } from '../../src/schemes/units.ts';
import { waitingFields } from '../../src/schemes/waiting-fields.ts';
import type { GeneratedFile } from '../generated.ts';
import { code, fence, head, table } from './markdown.ts';
import { optionRows } from './option-rows.ts';
import { type SchemaView, viewOf } from './schema-view.ts';

const ABOUT = `A scheme is what a person writes: names, tuning, and what cannot be detected. An empty file is valid. Every problem is
shown with its place and its fix by \`hanbus check\`; the [codes](errors.md) say more.

- Units are part of values: \`5s\`, \`30%\`, \`0.2°C\`. A bare number where a unit matters is an error that offers both readings.
- \`at\` is left out when the harvest finds just one place that fits.
- Secrets are written \`$NAME\`; the value stands in the environment or in \`secrets.env\` beside the scheme.`;

const POLICY = `When and how readings are published. The same keys on node, device and point; the nearest that has a key wins. At run
time \`hanbus/<node>/<device>/<point>/$publish/set\` takes the same keys as JSON; \`undo\` takes the last change back.

${fence('yaml', 'publish: {every: 60s, on_change: 2%, at_most: 2s}')}`;

/** A key of the first level, and those below it where they are fixed. */
function keyRows(view: SchemaView): string[][] {
  const waiting = waitingFields();
  return Object.entries(view.properties ?? {}).flatMap(([key, member]) => {
    const forms = [member, ...(member.anyOf ?? [])];
    const below = forms.flatMap((form) => optionRows(form, `${key}.`));
    const own =
      key === 'publish'
        ? POLICY_LINK
        : `${member.description ?? ''}${key in waiting ? ' Not run by this version.' : ''}`;
    return [[code(key), own], ...below.map(pick), ...(key === 'devices' ? deviceRows(view.definitions ?? {}) : [])];
  });
}

const POLICY_LINK = 'When and how readings are published, [see below](#publish-policy).';

/** What every kind of device and every point has. */
function deviceRows({ written, point }: Readonly<Record<string, SchemaView>>): string[][] {
  const [, anyKind = {}] = written?.anyOf ?? [];
  const common = ['kind', 'at', 'publish', 'points'].map((key) => [key, anyKind.properties?.[key] ?? {}] as const);
  const row = (start: string) => (entry: readonly [string, SchemaView]) => {
    const [key, { description = '' }] = entry;
    if (key === 'kind')
      return [code(`${start}.kind`), 'One of the [drivers](drivers.md). Left out for a device that is found.'];
    return [code(`${start}.${key}`), key === 'publish' ? 'The same, for this one.' : description];
  };
  const ofPoint = Object.entries(point?.properties ?? {});
  return [...common.map(row('devices.<device>')), ...ofPoint.map(row('devices.<device>.points.<point>'))];
}

const pick = ([name = '', written = '', , about = '']: readonly string[]): string[] => [
  name,
  about === '' ? written : about,
];

function keysSection(kinds: Kinds): string {
  const rows = keyRows(viewOf(schemeJsonSchema(kinds)));
  const about = `Editors check and complete with [hanbus.schema.json](hanbus.schema.json); \`hanbus schema\` prints the same.
Options of each kind of device are on the page of [drivers](drivers.md).`;
  return `## Keys\n\n${about}\n\n${table(['key', 'about'], rows)}`;
}

function policySection(): string {
  const columns = ['key', 'written as', 'default', 'about'];
  const keys = table(columns, optionRows(viewOf(policySchema())));
  return `## Publish policy\n\n${POLICY}\n${keys}\nThe steps of \`filter\` are on [a page of their own](filters.md).\n`;
}

function unitsSection(): string {
  const dimensions = Map.groupBy(knownUnits(), ([, dimension]) => dimension);
  const rows = [...dimensions].map(([dimension, units]) => [dimension, units.map(([unit]) => code(unit)).join(' ')]);
  const about = 'Only units of the same row convert into each other.';
  return `## Units\n\n${about}\n\n${table(
    ['what', 'units'],
    rows.toSorted(([a = ''], [b = '']) => a.localeCompare(b)),
  )}`;
}

export function schemesPages(kinds: Kinds): GeneratedFile[] {
  const text = [head('Schemes', ABOUT), keysSection(kinds), policySection(), unitsSection()].join('\n');
  const schema = `${JSON.stringify(schemeJsonSchema(kinds), undefined, 2)}\n`;
  return [
    { path: 'docs/reference/hanbus.schema.json', text: schema },
    { path: 'docs/reference/schemes.md', text },
  ];
}
