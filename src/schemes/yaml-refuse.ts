import { type Alias, isAlias, isCollection, isScalar, type Node } from 'yaml';
import type { Path } from './path-problem.ts';
import type { Problem } from './problem.ts';
import { placeProblem, type SourceText } from './source-text.ts';

export type Range = readonly [number, number];

interface Advice {
  readonly suggestion: string;
  readonly fix?: string;
}

/** Reports the parts of YAML that are off in schemes. */
export interface Refusals {
  /** Alias, anchor or tag of a value. */
  extras(node: Node, path: Path): void;
  mergeKey(key: Node, value: unknown): void;
  secondDocument(at: number): void;
}

interface Refusing {
  readonly source: SourceText;
  readonly problems: Problem[];
  /** Lines and messages that were told. */
  readonly told: Set<string>;
  /** The text of each anchor, where it is short. */
  readonly anchors: Map<string, string | undefined>;
}

export function makeRefusals(source: SourceText, problems: Problem[]): Refusals {
  const refusing: Refusing = { source, problems, told: new Set(), anchors: new Map() };
  return {
    extras(node, path) {
      if (isAlias(node)) return refuseAlias(refusing, node, path);
      if (node.anchor !== undefined) refuseAnchor(refusing, node, node.anchor, path);
      if (node.tag !== undefined && node.tag !== '!' && node.tag !== '?') refuseTag(refusing, node, node.tag, path);
    },
    mergeKey(key, value) {
      const inside = isCollection(value) ? shortText(source, value)?.replace(/^\{(.*)\}$/, '$1') : undefined;
      const advice = { suggestion: 'write the keys themselves', ...(inside === undefined ? {} : { fix: inside }) };
      refuse(refusing, [rangeOf(key)[0], 2], 'merge keys (<<) are off in schemes', advice);
    },
    secondDocument(at) {
      refuse(refusing, [at, 3], 'a second document starts here; a scheme is one document', {
        suggestion: 'delete this line, or put what follows into a file of its own and include it',
      });
    },
  };
}

function refuse({ source, problems, told }: Refusing, [offset, length]: Range, message: string, advice: Advice): void {
  const place = source.placeAt(offset, length);
  // One of a sort for each line is enough; a bomb has thousands.
  const sort = `${place.line}:${message}`;
  if (told.has(sort)) return;
  told.add(sort);
  problems.push(placeProblem(source, place, { code: 'HB202', severity: 'error', message, ...advice }));
}

function refuseAlias(refusing: Refusing, node: Alias, path: Path): void {
  const { anchors } = refusing;
  const [from, to] = rangeOf(node);
  const key = path.at(-1);
  const isAnchor = anchors.has(node.source);
  const value = isAnchor ? anchors.get(node.source) : `"*${node.source}"`;
  const suggestion = isAnchor ? 'write the value itself' : 'a text that starts with * needs quotes';
  const fix = typeof key === 'string' && value !== undefined ? { fix: `${key}: ${value}` } : {};
  refuse(refusing, [from, to - from], 'aliases (*) are off in schemes', { suggestion, ...fix });
}

function refuseAnchor(refusing: Refusing, node: Node, name: string, path: Path): void {
  const { source, anchors } = refusing;
  const value = shortText(source, node);
  anchors.set(name, value);
  const key = path.at(-1);
  const fix = value !== undefined && typeof key === 'string' ? { fix: `${key}: ${value}` } : {};
  const at = source.text.lastIndexOf('&', rangeOf(node)[0]);
  const suggestion = 'delete it and write the value wherever it is needed';
  refuse(refusing, [at, name.length + 1], 'anchors (&) are off in schemes', { suggestion, ...fix });
}

function refuseTag(refusing: Refusing, node: Node, fullTag: string, path: Path): void {
  const tag = fullTag.replace('tag:yaml.org,2002:', '!!');
  const before = refusing.source.text.lastIndexOf('!', rangeOf(node)[0]) - (tag.startsWith('!!') ? 1 : 0);
  const value = isScalar(node) ? String(node.value) : '';
  const advice = tagAdvice(tag, String(path.at(-1) ?? 'value'), value);
  refuse(refusing, [Math.max(before, 0), tag.length], `tags (${tag}) are off in schemes`, advice);
}

export function rangeOf(node: Node): Range {
  const [from, to] = node.range ?? [0, 1];
  return [from, to];
}

/** The value as it stands, when it is short enough to write again. */
function shortText(source: SourceText, node: Node): string | undefined {
  const text = source.text.slice(...rangeOf(node)).trim();
  return text === '' || text.length > 60 || /[\n*&]/.test(text) ? undefined : text;
}

function tagAdvice(tag: string, key: string, value: string): Advice {
  if (tag === '!secret' || tag === '!env_var') {
    const name = value.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_');
    return { suggestion: 'a secret is the name of a variable', fix: `${key}: $${name}` };
  }
  if (tag.startsWith('!include')) return { suggestion: 'whole files come in at the top', fix: `include: [${value}]` };
  return { suggestion: 'delete the tag' };
}
