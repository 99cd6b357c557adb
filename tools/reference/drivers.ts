import { stringify } from 'yaml';
import { CATALOG } from '../../src/drivers/catalog.ts';
import type { InputDriver } from '../../src/drivers/driver.ts';
import { objectOf } from '../../src/schemes/fields.ts';
import type { PointSpec, Points } from '../../src/schemes/point.ts';
import type { GeneratedFile } from '../generated.ts';
import { code, fence, head, table } from './markdown.ts';
import { optionRows } from './option-rows.ts';
import { viewOf } from './schema-view.ts';

const ABOUT = `Every kind of device that hanbus reads or switches. Most need no line in a scheme: the harvest finds them. Write one to
rename a device, to tune it, or to say which of two is meant. \`at\` is a place as \`hanbus scan\` lists it.

Points marked *set* take commands; *once* means that each command is an act of its own and is never repeated.

*experimental* passes the tests of the project; *stable* was also seen on real hardware by two people.`;

/** Whole numbers have no other end than the largest that JavaScript can count. */
function rangeText([low, high]: readonly [number, number]): string {
  return high >= Number.MAX_SAFE_INTEGER ? `from ${low}` : `${low} to ${high}`;
}

function pointRows(points: Points): string[][] {
  return Object.entries(points).map(([name, spec]) => {
    const range = spec.range === undefined ? '' : rangeText(spec.range);
    const values = spec.values?.map(code).join(' ') ?? range;
    return [code(name), spec.type, commandsOf(spec), spec.unit ?? '', values, spec.about ?? ''];
  });
}

function commandsOf({ settable, once }: PointSpec): string {
  if (settable !== true) return '';
  return once === true ? 'set, once' : 'set';
}

function pointsOf(points: InputDriver['points']): string {
  if (points === 'found') return 'Points: those that the device has; `hanbus ls` shows them.\n';
  return table(['point', 'type', 'commands', 'unit', 'values', 'about'], pointRows(points));
}

function section(driver: InputDriver): string {
  const { kind, summary, options, points, level = 'experimental', every, example } = driver;
  const rows = optionRows(viewOf(objectOf(options)));
  const pace = every === undefined ? 'tells its news by itself' : `read every ${every}`;
  return [
    `## ${kind}`,
    '',
    summary,
    '',
    `*${level}, ${pace}*`,
    '',
    ...(rows.length === 0 ? [] : [table(['option', 'type', 'default', 'about'], rows)]),
    pointsOf(points),
    fence('yaml', stringify({ devices: { [`my_${kind.replaceAll('-', '_')}`]: { kind, ...example } } })),
  ].join('\n');
}

export async function driversPage(): Promise<GeneratedFile> {
  const modules = await Promise.all(Object.values(CATALOG).map((load) => load()));
  const drivers = modules.map(({ driver }) => driver).sort((a, b) => a.kind.localeCompare(b.kind));
  const index = drivers.map(({ kind, summary }) => [`[${kind}](#${kind})`, summary]);
  const text = [head('Drivers', ABOUT), table(['kind', 'what it is'], index), ...drivers.map(section)].join('\n');
  return { path: 'docs/reference/drivers.md', text };
}
