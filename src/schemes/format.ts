import { type Document, isCollection, isPair, isScalar, parseDocument as parseYamlDocument, visit } from 'yaml';
import { makeSourceText } from './source-text.ts';
import { leadingTabs, textLimits } from './yaml-limits.ts';
import { parseYaml } from './yaml-parse.ts';

/**
 * The canonical layout: two spaces, one space before a comment, one blank line at most, UTF-8 without a byte order mark,
 * LF. Comments and the order of keys stay. What it does not understand it leaves as it is, but for tabs, line ends and
 * trailing spaces. Formatting twice changes nothing more.
 */
export function formatScheme(text: string, file = 'scheme'): string {
  const source = makeSourceText(file, text);
  if (textLimits(source) !== undefined) return text;
  const cleaned = clean(text);
  const tabless =
    leadingTabs(makeSourceText(file, cleaned)).length > 0 && !isYaml(cleaned) ? repairTabs(cleaned) : cleaned;
  return laidOut(tabless) ?? tabless;
}

function isYaml(text: string): boolean {
  const { document, error, secondAt } = parseYaml(text);
  return document !== undefined && error === undefined && secondAt === undefined;
}

/** Line ends, byte order mark, trailing spaces, blank lines at both ends. */
function clean(text: string): string {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  const trimmed = lines.map((line) => line.trimEnd()).join('\n');
  const body = trimmed.replace(/^\n+/, '').trimEnd();
  return body === '' ? '' : `${body}\n`;
}

/** Each leading tab becomes one level; the widths that keep the file readable are tried in turn. */
function repairTabs(text: string): string {
  const candidates = [2, 4, 8].map((width) =>
    text.replaceAll(/^[ \t]+/gm, (indent) => indent.replaceAll('\t', ' '.repeat(width))),
  );
  return candidates.find(isYaml) ?? candidates[0] ?? text;
}

/** The file written again by the YAML library; undefined when that would change what it says or lose a comment. */
function laidOut(text: string): string | undefined {
  if (!isYaml(text)) return undefined;
  const once = write(text);
  const twice = once === undefined ? undefined : write(once);
  if (once === undefined || twice === undefined || !saysTheSame(text, once)) return undefined;
  // The library needs a second pass for some comments; what never settles is left alone.
  if (once === twice) return once;
  return write(twice) === twice && saysTheSame(text, twice) ? twice : undefined;
}

function write(text: string): string | undefined {
  const document = open(text);
  if (document === undefined) return undefined;
  if (document.contents === null) return text;
  try {
    const written = document.toString({ indent: 2, lineWidth: 0, flowCollectionPadding: false, indentSeq: true });
    return clean(written.replaceAll(/\n{3,}/g, '\n\n'));
  } catch {
    // An alias without its anchor cannot be written; the file stays as it is.
    return undefined;
  }
}

function open(text: string): Document.Parsed | undefined {
  const document = parseYamlDocument(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  return document.errors.length === 0 ? document : undefined;
}

function saysTheSame(before: string, after: string): boolean {
  return JSON.stringify(essence(before)) === JSON.stringify(essence(after));
}

/** Every key, value, tag, anchor and comment word of a file in order; layout left out. */
function essence(text: string): readonly unknown[] {
  const parts: unknown[] = [];
  const document = open(text);
  if (document === undefined) return [{}, text];
  visit(document, (_key, node) => {
    if (isPair(node)) parts.push('pair');
    else if (isScalar(node))
      parts.push(typeof node.value === 'number' ? String(node.source) : node.value, node.tag ?? '');
    else if (isCollection(node)) parts.push(node.constructor.name, node.items.length);
  });
  return [parts, commentWords(text)];
}

function commentWords(text: string): readonly string[] {
  return [...text.matchAll(/(?:^|\s)#(.*)$/gm)].map(([, words = '']) => words.trim()).toSorted();
}
