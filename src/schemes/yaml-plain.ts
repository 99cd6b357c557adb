import { isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import { keyOf } from './document-path.ts';
import type { Path } from './path-problem.ts';
import type { Problem } from './problem.ts';
import { placeProblem, type SourceText } from './source-text.ts';
import { depthProblem, MAX_DEPTH } from './yaml-limits.ts';
import type { ParsedYaml } from './yaml-parse.ts';
import { makeRefusals, type Range, type Refusals, rangeOf } from './yaml-refuse.ts';

/** Where a key and its value stand, as offsets. List items and the root have no key. */
export interface Spot {
  readonly key?: Range;
  readonly value: Range;
}

export interface Plain {
  readonly root: unknown;
  readonly spots: ReadonlyMap<string, Spot>;
  readonly problems: readonly Problem[];
}

interface Walk {
  readonly source: SourceText;
  readonly spots: Map<string, Spot>;
  readonly problems: Problem[];
  readonly refuse: Refusals;
}

/** Plain data of a parsed file. Aliases are not followed, tags not obeyed, the second of two equal keys is left out. */
export function readPlain(source: SourceText, parsed: ParsedYaml): Plain {
  const problems: Problem[] = [];
  const walk: Walk = { source, spots: new Map(), problems, refuse: makeRefusals(source, problems) };
  const contents = parsed.document?.contents ?? undefined;
  const root = contents === undefined ? undefined : plainOf(walk, contents, [], undefined);
  if (parsed.secondAt !== undefined) walk.refuse.secondDocument(parsed.secondAt);
  return { root: root ?? undefined, spots: walk.spots, problems };
}

function plainOf(walk: Walk, node: Node, path: Path, key: Range | undefined): unknown {
  const value = rangeOf(node);
  walk.spots.set(keyOf(path), key === undefined ? { value } : { key, value });
  if (path.length > MAX_DEPTH) return tooDeep(walk, value[0]);
  walk.refuse.extras(node, path);
  if (isMap(node)) return plainMap(walk, node.items, path);
  if (isSeq(node)) {
    return node.items.map((item, index) => (isNode(item) ? plainOf(walk, item, [...path, index], undefined) : null));
  }
  return isScalar(node) ? node.value : null;
}

function plainMap(walk: Walk, items: readonly Pair[], path: Path): Record<string, unknown> {
  const entries = new Map<string, unknown>();
  for (const { key, value } of items) {
    const name = keyText(walk, key, value);
    if (name === undefined || !isNode(key)) continue;
    const at = rangeOf(key);
    if (entries.has(name)) duplicate(walk, [...path, name], at, value);
    else if (isNode(value)) entries.set(name, plainOf(walk, value, [...path, name], at));
    else {
      walk.spots.set(keyOf([...path, name]), { key: at, value: at });
      entries.set(name, null);
    }
  }
  // fromEntries defines own properties, so that a key such as __proto__ is only a key.
  return Object.fromEntries(entries);
}

function isNode(value: unknown): value is Node {
  return isMap(value) || isSeq(value) || isScalar(value) || isAlias(value);
}

function keyText(walk: Walk, key: unknown, value: unknown): string | undefined {
  if (isScalar(key) && key.value === '<<') {
    walk.refuse.mergeKey(key, value);
    return undefined;
  }
  if (isScalar(key) && key.value !== null) {
    return typeof key.value === 'string' ? key.value : (key.source ?? JSON.stringify(key.value));
  }
  const [from, to] = isNode(key) ? rangeOf(key) : [0, 1];
  const place = walk.source.placeAt(from, to - from);
  const message = 'a key must be one word';
  const suggestion = 'a text in braces or brackets needs quotes';
  walk.problems.push(placeProblem(walk.source, place, { code: 'HB205', severity: 'error', message, suggestion }));
  return undefined;
}

function duplicate(walk: Walk, path: Path, at: Range, value: unknown): void {
  const name = String(path.at(-1));
  const first = walk.spots.get(keyOf(path));
  const line = walk.source.placeAt(first?.key?.[0] ?? 0, 1).line;
  // Two members of `devices` are two devices; anything else is one thing said twice.
  const isMember =
    path.length === 2 &&
    ['bridges', 'devices', 'groups', 'home', 'rules', 'scenes', 'services'].includes(String(path[0]));
  const text = isScalar(value) ? ` ${value.source ?? ''}` : '';
  walk.problems.push(
    placeProblem(walk.source, walk.source.placeAt(at[0], at[1] - at[0]), {
      code: 'HB209',
      severity: 'error',
      message: `"${name}" stands here for the second time; the first is on line ${line}`,
      suggestion: isMember ? 'give one of the two another name' : 'delete one, or put both contents under one key',
      ...(isMember ? { fix: `${name}_2:${text}` } : {}),
    }),
  );
}

function tooDeep(walk: Walk, offset: number): null {
  if (!walk.problems.some(({ code }) => code === 'HB203')) walk.problems.push(depthProblem(walk.source, offset));
  return null;
}
