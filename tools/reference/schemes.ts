import { policySchema } from '../../src/schemes/policy-schema.ts';
import { knownUnits } from '../../src/schemes/units.ts';
import type { GeneratedFile } from '../generated.ts';
import { code, fence, head, table } from './markdown.ts';
import { optionRows } from './option-rows.ts';
import { viewOf } from './schema-view.ts';

const ABOUT = `A scheme is what a person writes: names, tuning, and what cannot be detected. An empty file is valid. Every problem is
shown with its place and its fix by \`hanbus check\`; the [codes](errors.md) say more.

- Units are part of values: \`5s\`, \`30%\`, \`0.2°C\`. A bare number where a unit matters is an error that offers both readings.
- \`at\` is left out when the harvest finds just one place that fits.
- Secrets are written \`$NAME\`; the value stands in the environment or in \`secrets.env\` beside the scheme.`;

const POLICY = `When and how readings are published. The same keys on node, device and point; the nearest that has a key wins. At run
time \`hanbus/<node>/<device>/<point>/$publish/set\` takes the same keys as JSON; \`undo\` takes the last change back.

${fence('yaml', 'publish: {every: 60s, on_change: 2%, at_most: 2s}')}`;

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

export function schemesPage(): GeneratedFile {
  const text = [head('Schemes', ABOUT), policySection(), unitsSection()].join('\n');
  return { path: 'docs/reference/schemes.md', text };
}
