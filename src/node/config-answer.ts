import { DEFAULT_POLICY } from '../publisher/effective-policy.ts';
import type { ConfigAnswer } from '../schemes/contracts.ts';
import type { LoadedScheme, Scheme } from '../schemes/scheme.ts';

type Row = ConfigAnswer['values'][number];

/** One start-up setting that did not come from the file. */
export interface Setting {
  readonly key: string;
  readonly value: unknown;
  readonly origin: Row['origin'];
  readonly place?: string;
}

/**
 * Every effective value with where it came from: start-up settings first, then the scheme by key, secrets as `$NAME`.
 * A policy changed at run time wins over the file and is listed as such.
 */
export function configAnswer(
  settings: readonly Setting[],
  loaded: LoadedScheme,
  live: readonly Setting[],
): ConfigAnswer {
  const said = [...settings, ...schemeRows(loaded)];
  const rows = [...said, ...defaultRows()].filter(isFirst).toSorted((a, b) => order(a.key) - order(b.key));
  const overridden = new Set(live.map(({ key }) => key));
  return { hanbus: 'config/1', values: [...rows.filter(({ key }) => !overridden.has(key)), ...live].map(rowOf) };
}

function isFirst({ key }: Setting, index: number, all: readonly Setting[]): boolean {
  return all.findIndex((other) => other.key === key) === index;
}

const TOP_KEYS = ['node', 'publish', 'broker', 'devices'];

/** In the order in which a scheme is read; what is alike stays as it was. */
function order(key: string): number {
  return TOP_KEYS.indexOf(key.split('.')[0] ?? '');
}

/** What holds for points that nobody said anything about. */
function defaultRows(): Setting[] {
  return Object.entries(DEFAULT_POLICY).map(([key, value]) => ({ key: `publish.${key}`, value, origin: 'default' }));
}

function rowOf({ key, value, origin, place }: Setting): Row {
  return { key, value, origin, ...(place === undefined ? {} : { place }) };
}

function schemeRows({ scheme, placeOf }: LoadedScheme): Setting[] {
  if (scheme === undefined) return [];
  return leaves(publicPart(scheme)).map(([key, value]) => ({ key, value, ...sourceOf(placeOf(key)) }));
}

const ENVIRONMENT = 'environment:';

/** A place is a file with line and column, or a variable. */
function sourceOf(place: string | undefined): Pick<Setting, 'origin' | 'place'> {
  if (place === undefined) return { origin: 'default' };
  if (!place.startsWith(ENVIRONMENT)) return { origin: 'file', place };
  return { origin: 'environment', place: place.slice(ENVIRONMENT.length) };
}

/** Devices as they are written: the options lie beside `kind` and `at`. */
function publicPart({ node, publish, devices, broker }: Scheme): Record<string, unknown> {
  const written = Object.entries(devices).map(([name, { options, ...rest }]) => [name, { ...rest, ...options }]);
  return { node, publish, broker, devices: Object.fromEntries(written) };
}

function leaves(tree: unknown, path: readonly string[] = []): [string, unknown][] {
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) return [[path.join('.'), tree]];
  return Object.entries(tree)
    .filter(([, value]) => value !== undefined)
    .flatMap(([key, value]) => leaves(value, [...path, key]));
}
