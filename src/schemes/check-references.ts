import type { CheckContext } from './check-context.ts';
import { nearest } from './near.ts';
import type { Path, PathProblem } from './path-problem.ts';
import type { DeviceText, Scheme } from './scheme.ts';
import { isRecord } from './yaml-value.ts';

/** Points by device, for the devices whose points are known without opening them. */
type KnownPoints = ReadonlyMap<string, readonly string[]>;

/**
 * Names of points in bridges. Only devices of the scheme are known here, those that the harvest finds are
 * not, so only a wrong point of a known device is told. These parts are not run yet, so it stays a warning.
 */
export function checkReferences(
  root: Readonly<Record<string, unknown>>,
  scheme: Pick<Scheme, 'node' | 'devices'>,
  context: CheckContext,
): void {
  const points = knownPoints(scheme.devices, context);
  checkOverlap(scheme, points, context);
  for (const [text, path, onKey] of textsIn(root.bridges, ['bridges'], false)) {
    for (const name of namesIn(text)) {
      const problem = pointProblem(name, points);
      if (problem !== undefined) context.problems.push({ path, onKey, ...problem });
    }
  }
}

function knownPoints(devices: Readonly<Record<string, DeviceText>>, { kinds }: CheckContext): KnownPoints {
  const known = Object.entries(devices).flatMap(([name, { kind, points }]) => {
    const specs = kind === undefined ? undefined : kinds.get(kind)?.points;
    if (specs === undefined || specs === 'found') return [];
    return [[name, Object.keys(specs).map((point) => points[point]?.name ?? point)] as const];
  });
  return new Map(known);
}

/** A device named like its node makes `kitchen.air` a point of the device and a device of the node at once. */
function checkOverlap(
  { node, devices }: Pick<Scheme, 'node' | 'devices'>,
  points: KnownPoints,
  context: CheckContext,
): void {
  const { name } = node;
  const shared = name === undefined ? undefined : points.get(name)?.find((point) => Object.hasOwn(devices, point));
  if (name === undefined || shared === undefined) return;
  context.problems.push({
    path: ['devices', name],
    onKey: true,
    code: 'HB302',
    message: `${name}.${shared} can be read in two ways: point ${shared} of device ${name}, or device ${shared} of node ${name}`,
    suggestion: 'give the device another name than the node',
    fix: `${name}_device:`,
  });
}

type Found = readonly [string, Path, boolean];

function textsIn(value: unknown, path: Path, onKey: boolean): readonly Found[] {
  if (typeof value === 'string') return [[value, path, onKey]];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsIn(item, [...path, index], false));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, item]): readonly Found[] => {
    const inside = textsIn(item, [...path, key], false);
    return key.includes('.') ? [[key, [...path, key], true], ...inside] : inside;
  });
}

/** `air.temperature` in a text; addresses and file names are not names. */
function namesIn(text: string): readonly string[] {
  if (text.includes('://') || text.includes('@')) return [];
  const names = text.match(/(?<![\w./$*-])[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*(?![\w./*-])/g);
  return [...new Set(names ?? [])];
}

function pointProblem(name: string, points: KnownPoints): Omit<PathProblem, 'path'> | undefined {
  const [device = '', point = ''] = name.split('.');
  const known = points.get(device);
  if (known === undefined || known.includes(point)) return undefined;
  const near = nearest(point, known);
  const right = `${device}.${near ?? known[0] ?? 'state'}`;
  return {
    code: 'HB301',
    severity: 'warning',
    message: `no point "${name}"`,
    suggestion: near === undefined ? `${device} has ${known.join(', ')}` : `did you mean ${right}?`,
    fix: right,
  };
}
