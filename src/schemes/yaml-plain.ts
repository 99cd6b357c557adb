import { isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import { keyOf } from './document-path.ts';
import type { Path } from './path-problem.ts';
import type { Problem } from './problem.ts';
import { placeProblem, type SourceText } from './source-text.ts';
import { depthProblem, MAX_DEPTH } from './yaml-limits.ts';
import type { ParsedYaml } from './yaml-parse.ts';

export type Range = readonly [number, number];

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
}

/** Plain data of a parsed file. Aliases are not followed, tags not obeyed, the second of two equal keys is left out. */
export function readPlain(source: SourceText, parsed: ParsedYaml): Plain {
  const walk: Walk = { source, spots: new Map(), problems: [] };
  const contents = parsed.document?.contents ?? undefined;
  const root = contents === undefined ? undefined : plainOf(walk, contents, [], undefined);
  if (parsed.secondAt !== undefined) {
    refuse(walk, [parsed.secondAt, 3], 'a second document starts here; a scheme is one document', {
      suggestion: 'delete this line, or put what follows into a file of its own and include it',
    });
  }
  return { root: root ?? undefined, spots: walk.spots, problems: walk.problems };
}

function plainOf(walk: Walk, node: Node, path: Path, key: Range | undefined): unknown {
  const value = rangeOf(node);
  walk.spots.set(keyOf(path), key === undefined ? { value } : { key, value });
  if (path.length > MAX_DEPTH) return tooDeep(walk, value[0]);
  refuseExtras(walk, node, path);
  if (isMap(node)) return plainMap(walk, node.items, path);
  if (isSeq(node)) {
    return node.items.map((item, index) => (isNode(item) ? plainOf(walk, item, [...path, index], undefined) : null));
  }
  return isScalar(node) ? node.value : null;
}

function plainMap(walk: Walk, items: readonly Pair[], path: Path): Record<string, unknown> {
  const entries = new Map<string, unknown>();
  for (const { key, value } of items) {
    const name = keyText(walk, key);
    if (name === undefined || !isNode(key)) continue;
    const at = rangeOf(key);
    if (entries.has(name)) duplicate(walk, [...path, name], at);
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

function rangeOf(node: Node): Range {
  const [from, to] = node.range ?? [0, 1];
  return [from, to];
}

function keyText(walk: Walk, key: unknown): string | undefined {
  if (isScalar(key) && key.value !== null) {
    if (key.value === '<<') {
      refuse(walk, [rangeOf(key)[0], 2], 'merge keys (<<) are off in schemes', {
        suggestion: 'write the keys themselves',
      });
      return undefined;
    }
    return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
  }
  const [from, to] = isNode(key) ? rangeOf(key) : [0, 1];
  const place = walk.source.placeAt(from, to - from);
  walk.problems.push(
    placeProblem(walk.source, place, {
      code: 'HB205',
      severity: 'error',
      message: 'a key must be one word',
      suggestion: 'text in braces needs quotes',
    }),
  );
  return undefined;
}

function duplicate(walk: Walk, path: Path, at: Range): void {
  const name = String(path.at(-1));
  const first = walk.spots.get(keyOf(path));
  const line = walk.source.placeAt(first?.key?.[0] ?? 0, 1).line;
  walk.problems.push(
    placeProblem(walk.source, walk.source.placeAt(at[0], at[1] - at[0]), {
      code: 'HB209',
      severity: 'error',
      message: `"${name}" stands here for the second time; the first is on line ${line}`,
      suggestion: 'delete one, or put both contents under one key',
    }),
  );
}

function refuseExtras(walk: Walk, node: Node, path: Path): void {
  const [from, to] = rangeOf(node);
  if (isAlias(node)) {
    const name = String(path.at(-1) ?? 'value');
    return refuse(walk, [from, to - from], 'aliases (*) are off in schemes', {
      suggestion: 'write the value itself; a text that starts with * needs quotes',
      fix: `${name}: "*${node.source}"`,
    });
  }
  if (node.anchor !== undefined) {
    const at = walk.source.text.lastIndexOf('&', from);
    refuse(walk, [at, node.anchor.length + 1], 'anchors (&) are off in schemes', {
      suggestion: 'delete it and write the value wherever it is needed',
    });
  }
  if (node.tag !== undefined && !isImplicit(node.tag)) refuseTag(walk, node, path);
}

function isImplicit(tag: string): boolean {
  return tag === '!' || tag === '?';
}

function refuseTag(walk: Walk, node: Node, path: Path): void {
  const tag = (node.tag ?? '').replace('tag:yaml.org,2002:', '!!');
  const at = Math.max(walk.source.text.lastIndexOf('!', rangeOf(node)[0]) - (tag.startsWith('!!') ? 1 : 0), 0);
  const key = String(path.at(-1) ?? 'value');
  const value = isScalar(node) ? String(node.value) : '';
  refuse(walk, [at, tag.length], `tags (${tag}) are off in schemes`, tagFix(tag, key, value));
}

function tagFix(tag: string, key: string, value: string): Pick<Problem, 'suggestion' | 'fix'> {
  if (tag === '!secret' || tag === '!env_var') {
    const name = value.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_');
    return { suggestion: 'a secret is the name of a variable', fix: `${key}: $${name}` };
  }
  if (tag.startsWith('!include')) return { suggestion: 'whole files come in at the top', fix: `include: [${value}]` };
  return { suggestion: 'delete the tag' };
}

function tooDeep(walk: Walk, offset: number): null {
  if (!walk.problems.some(({ code }) => code === 'HB203')) walk.problems.push(depthProblem(walk.source, offset));
  return null;
}

interface Advice {
  readonly suggestion?: string;
  readonly fix?: string;
}

function refuse(walk: Walk, [offset, length]: Range, words: string, advice: Advice): void {
  const place = walk.source.placeAt(offset, length);
  walk.problems.push(placeProblem(walk.source, place, { code: 'HB202', severity: 'error', message: words, ...advice }));
}
