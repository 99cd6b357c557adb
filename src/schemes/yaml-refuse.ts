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

export function makeRefusals(source: SourceText, problems: Problem[]): Refusals {
  const told = new Set<string>();
  const anchors = new Map<string, string | undefined>();

  const refuse = ([offset, length]: Range, message: string, advice: Advice): void => {
    const place = source.placeAt(offset, length);
    // One of a sort for each line is enough; a bomb has thousands.
    const sort = `${place.line}:${message}`;
    if (told.has(sort)) return;
    told.add(sort);
    problems.push(placeProblem(source, place, { code: 'HB202', severity: 'error', message, ...advice }));
  };

  const alias = (node: Alias, path: Path): void => {
    const [from, to] = rangeOf(node);
    const key = path.at(-1);
    const isAnchor = anchors.has(node.source);
    const value = isAnchor ? anchors.get(node.source) : `"*${node.source}"`;
    const suggestion = isAnchor ? 'write the value itself' : 'a text that starts with * needs quotes';
    const fix = typeof key === 'string' && value !== undefined ? { fix: `${key}: ${value}` } : {};
    refuse([from, to - from], 'aliases (*) are off in schemes', { suggestion, ...fix });
  };

  const anchor = (node: Node, name: string, path: Path): void => {
    const value = shortText(source, node);
    anchors.set(name, value);
    const key = path.at(-1);
    const fix = value !== undefined && typeof key === 'string' ? { fix: `${key}: ${value}` } : {};
    const at = source.text.lastIndexOf('&', rangeOf(node)[0]);
    const suggestion = 'delete it and write the value wherever it is needed';
    refuse([at, name.length + 1], 'anchors (&) are off in schemes', { suggestion, ...fix });
  };

  return {
    extras(node, path) {
      if (isAlias(node)) return alias(node, path);
      if (node.anchor !== undefined) anchor(node, node.anchor, path);
      if (node.tag === undefined || node.tag === '!' || node.tag === '?') return;
      const tag = node.tag.replace('tag:yaml.org,2002:', '!!');
      const before = source.text.lastIndexOf('!', rangeOf(node)[0]) - (tag.startsWith('!!') ? 1 : 0);
      const value = isScalar(node) ? String(node.value) : '';
      const advice = tagAdvice(tag, String(path.at(-1) ?? 'value'), value);
      refuse([Math.max(before, 0), tag.length], `tags (${tag}) are off in schemes`, advice);
    },
    mergeKey(key, value) {
      const inside = isCollection(value) ? shortText(source, value)?.replace(/^\{(.*)\}$/, '$1') : undefined;
      const fix = inside === undefined ? {} : { fix: inside };
      const advice = { suggestion: 'write the keys themselves', ...fix };
      refuse([rangeOf(key)[0], 2], 'merge keys (<<) are off in schemes', advice);
    },
    secondDocument(at) {
      refuse([at, 3], 'a second document starts here; a scheme is one document', {
        suggestion: 'delete this line, or put what follows into a file of its own and include it',
      });
    },
  };
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
