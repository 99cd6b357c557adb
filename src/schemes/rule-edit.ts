import {
  Document,
  isCollection,
  isMap,
  isPair,
  isScalar,
  type Pair,
  parseDocument as parseYamlDocument,
  type YAMLMap,
} from 'yaml';
import type { RuleData } from './rule-sentence.ts';
import { isRecord } from './yaml-value.ts';

/** The new text of a scheme file, or why the file cannot be edited. */
export type Edited =
  | { readonly text: string; readonly lines: number }
  | { readonly why: string; readonly fix?: string };

const LAYOUT = { indent: 2, lineWidth: 0, flowCollectionPadding: false, indentSeq: true } as const;

/** A rule as YAML: `then` and `else` in one line each, unless they are lists. */
export function ruleYaml(name: string, rule: RuleData): string {
  const document = new Document({ [name]: rule }, { version: '1.2', schema: 'core' });
  shorten(document, [name]);
  return document.toString(LAYOUT);
}

function shorten(document: Document, path: readonly string[]): void {
  for (const key of ['then', 'else']) {
    const node: unknown = document.getIn([...path, key], true);
    if (isMap(node)) node.flow = true;
    else if (isCollection(node)) for (const item of node.items) if (isMap(item)) item.flow = true;
  }
}

/** Puts a rule into a scheme file; every other line stays as it is. */
export function addRule(text: string, name: string, rule: RuleData): Edited {
  const before = open(text);
  if (before === undefined) return { why: 'the file has errors' };
  const data = plain(before);
  if (isRecord(data.rules) && Object.hasOwn(data.rules, name)) {
    return { why: `there is a rule ${name} already`, fix: `hanbus rule rm ${name}` };
  }
  const wanted = { ...data, rules: { ...(isRecord(data.rules) ? data.rules : {}), [name]: rule } };
  const yaml = ruleYaml(name, rule);
  const lines = yaml.trimEnd().split('\n').length;
  const spliced = spliceIn(text, before, yaml);
  if (spliced !== undefined && says(spliced, wanted)) return { text: spliced, lines };
  if (isRecord(data.rules) && Object.keys(data.rules).length > 0) before.setIn(['rules', name], rule);
  else before.set('rules', before.createNode({ [name]: rule }));
  shorten(before, ['rules', name]);
  const written = before.toString(LAYOUT);
  return says(written, wanted) ? { text: written, lines } : { why: 'its layout cannot be kept' };
}

/** Takes a rule out of a scheme file; every other line stays as it is. */
export function removeRule(text: string, name: string): Edited {
  const before = open(text);
  if (before === undefined) return { why: 'the file has errors' };
  const data = plain(before);
  const rules = isRecord(data.rules) ? data.rules : {};
  if (!Object.hasOwn(rules, name)) return { why: `it has no rule ${name}` };
  const { [name]: _, ...others } = rules;
  const { rules: __, ...rest } = data;
  const wanted = Object.keys(others).length === 0 ? rest : { ...data, rules: others };
  const spliced = spliceOut(text, before, name);
  if (spliced !== undefined && says(spliced, wanted)) return { text: spliced, lines: count(text) - count(spliced) };
  before.deleteIn(Object.keys(others).length === 0 ? ['rules'] : ['rules', name]);
  const written = before.toString(LAYOUT);
  return says(written, wanted) ? { text: written, lines: 0 } : { why: 'its layout cannot be kept' };
}

function count(text: string): number {
  return text.split('\n').length;
}

function open(text: string): Document.Parsed | undefined {
  const document = parseYamlDocument(text, { version: '1.2', schema: 'core', merge: false, logLevel: 'silent' });
  return document.errors.length === 0 ? document : undefined;
}

function plain(document: Document.Parsed): Readonly<Record<string, unknown>> {
  const data: unknown = document.toJS();
  return isRecord(data) ? data : {};
}

function says(text: string, wanted: unknown): boolean {
  const document = open(text);
  return document !== undefined && JSON.stringify(sorted(plain(document))) === JSON.stringify(sorted(wanted));
}

/** Keys in the order of the alphabet: a rule may be put anywhere. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

/** Undefined when the rules stand in a layout of another kind. */
function spliceIn(text: string, document: Document.Parsed, yaml: string): string | undefined {
  const whole = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  const { contents } = document;
  if (contents === null || (isMap(contents) && contents.flow !== true && !contents.has('rules'))) {
    const gap = contents === null || whole.trim() === '' ? '' : '\n';
    return `${whole}${gap}rules:\n${indented(yaml, 2)}`;
  }
  const rules = isMap(contents) ? contents.get('rules') : undefined;
  if (!isBlock(rules)) return undefined;
  const last = rules.items.at(-1);
  const at = last === undefined ? undefined : endOfLine(whole, lastLetter(whole, last));
  if (at === undefined) return undefined;
  return `${whole.slice(0, at)}${indented(yaml, columnOf(whole, last))}${whole.slice(at)}`;
}

function spliceOut(text: string, document: Document.Parsed, name: string): string | undefined {
  const { contents } = document;
  if (!isMap(contents) || contents.flow === true) return undefined;
  const rules = contents.get('rules');
  if (!isBlock(rules)) return undefined;
  const pair = pairOf(rules, name);
  if (pair === undefined) return undefined;
  const from = lineStart(text, pair);
  const rest = `${text.slice(0, from)}${text.slice(endOfLine(text, lastLetter(text, pair)))}`;
  const last = rules.items.length === 1 ? pairOf(contents, 'rules') : undefined;
  if (last === undefined) return rest;
  // The last rule takes the word `rules:` with it; comments below that stay.
  const top = lineStart(text, last);
  return `${rest.slice(0, top)}${rest.slice(endOfLine(rest, top))}`;
}

function pairOf(map: YAMLMap, name: string): Pair | undefined {
  return map.items.find(({ key }) => isScalar(key) && key.value === name);
}

function lineStart(text: string, pair: Pair): number {
  return text.lastIndexOf('\n', keyStart(pair) ?? 0) + 1;
}

function isBlock(value: unknown): value is YAMLMap {
  return isMap(value) && value.flow !== true && value.items.length > 0;
}

function keyStart(pair: unknown): number | undefined {
  return isPair(pair) && isScalar(pair.key) ? pair.key.range?.[0] : undefined;
}

function columnOf(text: string, pair: unknown): number {
  const at = keyStart(pair) ?? 0;
  return at - (text.lastIndexOf('\n', at) + 1);
}

/** Where the value of a pair ends, without the white space after it. */
function lastLetter(text: string, { value, key }: Pair): number {
  const end = rangeEnd(value) ?? rangeEnd(key) ?? text.length;
  return text.slice(0, end).trimEnd().length;
}

function rangeEnd(node: unknown): number | undefined {
  return isScalar(node) || isCollection(node) ? (node.range?.[1] ?? undefined) : undefined;
}

/** The start of the line after a place. */
function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

function indented(yaml: string, by: number): string {
  return yaml.replaceAll(/^(?=.)/gm, ' '.repeat(by));
}
