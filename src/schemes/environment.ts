import { parseDocument } from './document.ts';
import { type Merged, TOP_KEYS } from './merge.ts';
import { listed, nearest } from './near.ts';
import type { Path } from './path-problem.ts';
import { ENVIRONMENT_PLACE, type Place, type Problem } from './problem.ts';
import { isRecord, pairText } from './yaml-value.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** One key of the scheme that the environment sets: `HANBUS_PUBLISH__EVERY=30s`. */
export interface EnvironmentKey {
  readonly variable: string;
  readonly path: readonly string[];
  readonly value: unknown;
  /** What is wrong with it before anybody looks at the scheme: its YAML, its first word. */
  readonly problems: readonly Problem[];
}

/** Two parts at least, so HANBUS_NODE, HANBUS_CONFIG and the like are none of them. */
const VARIABLE = /^HANBUS_((?:[A-Z0-9]+_)*[A-Z0-9]+(?:__(?:[A-Z0-9]+_)*[A-Z0-9]+)+)$/;

/** True when the environment sets any key of a scheme. */
export function hasEnvironmentKeys(environment: Environment): boolean {
  return Object.entries(environment).some(([name, text]) => VARIABLE.test(name) && text !== undefined && text !== '');
}

/** The keys that the environment sets, by name. An empty variable sets nothing; the values are YAML. */
export function environmentKeys(environment: Environment): readonly EnvironmentKey[] {
  return Object.entries(environment)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([variable, text = '']) => {
      const name = VARIABLE.exec(variable)?.[1];
      return name === undefined || text === '' ? [] : [readKey(variable, name.toLowerCase().split('__'), text)];
    });
}

function readKey(variable: string, path: readonly string[], text: string): EnvironmentKey {
  const { root, problems } = parseDocument(variable, text);
  const place = placeOf(variable);
  // Without the line and its repair: a value may be a secret.
  const own = problems.map(({ code, severity, message }) => ({ code, severity, message, place }));
  const unknown = unknownTop(variable, path, text);
  return { variable, path, value: root, problems: unknown === undefined ? own : [...own, unknown] };
}

function unknownTop(variable: string, path: readonly string[], text: string): Problem | undefined {
  const [top = '', ...rest] = path;
  if (TOP_KEYS.includes(top) && top !== 'include') return undefined;
  const place = placeOf(variable);
  const message = `unknown key "${top}"`;
  const problem = { code: 'HB204', severity: 'error', message, place } as const;
  const possible = TOP_KEYS.filter((key) => key !== 'include');
  const near = nearest(top, possible);
  if (near === undefined) return { ...problem, suggestion: `a scheme has the keys ${listed(possible)}` };
  return {
    ...problem,
    suggestion: `did you mean "${near}"?`,
    fix: assignment([near, ...rest], publicText(path, text)),
  };
}

/** The scheme of the files with the values of the environment over it. A problem of such a value names its variable. */
export function overlay(merged: Merged, keys: readonly EnvironmentKey[]): Merged {
  if (keys.length === 0) return merged;
  const root = keys.reduce((tree, { path, value }) => withValue(tree, path, value, []), merged.root as unknown);
  const keyOf = (path: Path): EnvironmentKey | undefined =>
    keys.findLast((key) => startsWith(path, key.path)) ??
    (merged.placeOf(path) === undefined ? keys.find((key) => startsWith(key.path, path)) : undefined);
  return {
    root: isRecord(root) ? root : merged.root,
    problems: merged.problems,
    locate(problem) {
      const key = keyOf(problem.path);
      if (key === undefined) return merged.locate(problem);
      const { path, onKey: _key, within: _within, fix, ...told } = problem;
      const mended = fix === undefined ? undefined : fixOf(fix, path, key);
      const place = placeOf(key.variable);
      return { severity: 'error', ...told, place, ...(mended === undefined ? {} : { fix: mended }) };
    },
    placeOf(path) {
      const key = keyOf(path);
      return key === undefined ? merged.placeOf(path) : placeOf(key.variable);
    },
  };
}

/** The tree with one more value; a short form on the way is written out, and what is no map stays as it is. */
function withValue(
  tree: unknown,
  [key = '', ...rest]: readonly string[],
  value: unknown,
  at: readonly string[],
): unknown {
  const map = tree === undefined || tree === null ? {} : longForm(tree, at);
  if (!isRecord(map)) return tree;
  const inner = Object.hasOwn(map, key) ? map[key] : undefined;
  return { ...map, [key]: rest.length === 0 ? value : withValue(inner, rest, value, [...at, key]) };
}

function longForm(value: unknown, at: readonly string[]): unknown {
  if (typeof value !== 'string') return value;
  if (at[0] === 'devices' && at.length === 2) return { kind: value };
  if (at.join('.') === 'broker.engine') return { url: value };
  return at.join('.') === 'node' ? { name: value } : value;
}

/** A fix `every: 30s` as the assignment that makes it. */
function fixOf(fix: string, path: Path, key: EnvironmentKey): string | undefined {
  const [, name, value] = /^([a-z][a-z0-9_]*): (.+)$/.exec(fix) ?? [];
  if (name === undefined || value === undefined || path.length !== key.path.length) return fix;
  return assignment([...key.path.slice(0, -1), name], value);
}

function assignment(path: readonly string[], value: string): string {
  const quoted = /^[\w.,:/%+-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
  return `HANBUS_${path.join('__').toUpperCase()}=${quoted}`;
}

/** The text without what must not be repeated. */
function publicText(path: readonly string[], text: string): string {
  const key = path.at(-1) ?? '';
  return pairText(key, text).slice(key.length + 2) || '...';
}

function startsWith(path: Path, start: Path): boolean {
  return start.length <= path.length && start.every((part, index) => part === path[index]);
}

function placeOf(variable: string): Place {
  return { file: `${ENVIRONMENT_PLACE}${variable}`, line: 1, column: 1, length: 1 };
}
