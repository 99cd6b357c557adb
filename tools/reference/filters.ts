import { FILTERS } from '../../src/schemes/filter-catalog.ts';
import { yamlValue } from '../../src/schemes/yaml-value.ts';
import type { GeneratedFile } from '../generated.ts';
import { code, fence, head, table } from './markdown.ts';

const ABOUT = `A chain of filters stands between a driver and the bus. The readings pass them from left to right:

${fence('yaml', 'devices:\n  soil:\n    kind: iio\n    points:\n      voltage0: {name: moisture, filter: [median 5, clamp 0..100, round 0]}')}`;

type ArgSpec = (typeof FILTERS)[string]['args'][number];

function argument(spec: ArgSpec): string {
  const words = spec.words === undefined ? '' : ` (${spec.words.map(code).join(' ')})`;
  return `${spec.optional === true ? '*optional* ' : ''}${code(spec.name)}: ${spec.about}${words}`;
}

export function filtersPage(): GeneratedFile {
  const rows = Object.entries(FILTERS).map(([name, fact]) => [
    code(name),
    fact.works === 'any' ? '' : fact.works,
    fact.summary,
    fact.args.map(argument).join('<br>'),
    code(yamlValue(fact.example)),
    fact.aliases?.map(code).join(' ') ?? '',
  ]);
  const columns = ['filter', 'only for', 'what it does', 'arguments', 'example', 'known elsewhere as'];
  return { path: 'docs/reference/filters.md', text: [head('Filters', ABOUT), table(columns, rows)].join('\n') };
}
