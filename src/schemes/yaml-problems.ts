import type { Problem } from './problem.ts';
import { placeProblem, type SourceText } from './source-text.ts';
import { indentOf, lineAt, pairAround, textAt } from './yaml-line.ts';
import type { YamlFault } from './yaml-parse.ts';

interface Told {
  readonly message: string;
  readonly suggestion?: string;
  readonly fix?: string;
  /** Another place than the parser's, when the cause is earlier. */
  readonly at?: readonly [number, number];
}

type Teller = (source: SourceText, error: YamlFault) => Told;

/** A syntax error in words of hanbus: what a person most likely did, and the line as it should be. */
export function yamlProblem(source: SourceText, error: YamlFault): Problem {
  const { at, ...told } = (TELLERS[error.code] ?? tellOther)(source, error);
  const [from, to] = at ?? error.pos;
  return placeProblem(source, source.placeAt(from, to - from), { code: 'HB200', severity: 'error', ...told });
}

const TELLERS: Readonly<Record<string, Teller>> = {
  BAD_ALIAS: () => ({ message: 'a * here needs quotes around the text' }),
  BAD_DQ_ESCAPE: (source, error) => ({
    message: `"${textAt(source, error)}" is no escape that YAML knows`,
    suggestion: 'in double quotes write a backslash twice, or use single quotes',
  }),
  BAD_INDENT: tellIndent,
  BAD_SCALAR_START: (source, error) => {
    const { key, value } = pairAround(source, error.pos[0]);
    return {
      message: `a text that starts with ${textAt(source, error)} needs quotes`,
      suggestion: 'put it in quotes',
      fix: value.startsWith('`') ? `${key}: ${value.replaceAll('`', '')}` : `${key}: "${value}"`,
    };
  },
  BLOCK_AS_IMPLICIT_KEY: tellNested,
  BLOCK_IN_FLOW: (source, error) => {
    const { key } = pairAround(source, error.pos[0]);
    return {
      message: `inside {...} or [...], "${key}" is followed by another key without a comma`,
      suggestion: 'put a comma between them',
    };
  },
  MISSING_CHAR: tellMissing,
  MULTILINE_IMPLICIT_KEY: tellNoColon,
  TOO_DEEP: () => ({ message: 'nested too deeply to be a scheme' }),
  UNEXPECTED_TOKEN: tellUnexpected,
};

function tellOther(_source: SourceText, error: YamlFault): Told {
  return { message: `this is not YAML: ${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}` };
}

function tellIndent(source: SourceText, error: YamlFault): Told {
  if (/^Flow (map|sequence)/.test(error.message)) {
    const [bracket, open] = error.message.startsWith('Flow map') ? ['}', '{'] : [']', '['];
    const at = source.text.lastIndexOf(open, error.pos[0]);
    const line = source.lines[source.placeAt(at, 1).line - 1] ?? '';
    return {
      message: `this ${open} is never closed`,
      suggestion: `close it with ${bracket}`,
      fix: `${line.trim()}${bracket}`,
      at: [at, at + 1],
    };
  }
  return indentation(source, error);
}

function indentation(source: SourceText, error: YamlFault): Told {
  const line = source.placeAt(error.pos[0], 1).line;
  const text = source.lines[line - 1] ?? '';
  const firstLine = source.lines.findIndex((one) => /^\s*[^\s#]/.test(one));
  const firstText = source.lines[firstLine] ?? '';
  if (indentOf(text) === 0 && indentOf(firstText) > 0) {
    const at = source.text.indexOf(firstText) + indentOf(firstText);
    return {
      message: 'the first key is indented, the ones below are not',
      suggestion: 'the keys of a scheme start at the left edge',
      fix: firstText.trim(),
      at: [at, at + firstText.trim().length],
    };
  }
  const start = source.text.lastIndexOf('\n', error.pos[0] - 1) + 1 + indentOf(text);
  const neighbour = source.lines.slice(0, line - 1).findLast((before) => /^\s*[^\s#]/.test(before)) ?? '';
  const spaces = indentOf(neighbour);
  return {
    message: 'this line is indented differently from the lines it belongs to',
    suggestion: `give it the ${spaces} spaces of the line above, or two more if it belongs under it`,
    fix: `${' '.repeat(spaces)}${text.trim()}`,
    at: [start, start + text.trim().length],
  };
}

/** `air: bme280` with an indented `at: ...` below it, `a: b: c`, or a list item among keys. */
function tellNested(source: SourceText, error: YamlFault): Told {
  if (textAt(source, error) === '-' || /sequence/.test(error.message)) {
    return {
      message: 'a list item (-) stands among keys; one place is either a list or a map',
      suggestion: 'leave out the dash',
      at: dashAt(source, error.pos[0]),
      fix: lineAt(source, error.pos[0]).trim().replace(/^-\s*/, ''),
    };
  }
  const { key, value, line } = pairAround(source, error.pos[0]);
  const below = source.lines[line] ?? '';
  if (/^\s+[\w$]+:/.test(below) && indentOf(below) > indentOf(lineAt(source, error.pos[0]))) {
    const device = /^\s/.test(lineAt(source, error.pos[0]));
    return {
      message: `"${key}" already has the value ${value}, so nothing can be indented below it`,
      suggestion: 'give the value a key of its own',
      ...(device ? { fix: `${key}: {kind: ${value}, ${below.trim()}}` } : {}),
    };
  }
  return {
    message: `two colons in one line; the text after "${key}:" needs quotes`,
    suggestion: 'put it in quotes',
    fix: `${key}: "${value}"`,
  };
}

function dashAt(source: SourceText, offset: number): readonly [number, number] {
  const start = source.text.lastIndexOf('\n', offset - 1) + 1 + indentOf(lineAt(source, offset));
  return [start, start + 1];
}

function tellMissing(source: SourceText, error: YamlFault): Told {
  const quote = /closing (["'])/.exec(error.message)?.[1];
  if (quote === undefined) {
    const bracket = /end with a?\s*(.)/.exec(error.message)?.[1] ?? '}';
    return { message: `something is missing here: ${error.message}`, suggestion: `close it with ${bracket}` };
  }
  const at = openingQuote(source.text, quote);
  const line = lineAt(source, at).trim();
  return {
    message: `this ${quote} is never closed`,
    suggestion: 'close the quotes on the same line',
    fix: `${line}${quote}`,
    at: [at, at + 1],
  };
}

/** The quote that starts a value and has no partner on its line. */
function openingQuote(text: string, quote: string): number {
  const pattern = new RegExp(`(?:^|[:,[{\\-]\\s*)${quote}[^${quote}\\n]*$`, 'm');
  const match = pattern.exec(text);
  return match === null ? text.lastIndexOf(quote) : match.index + match[0].indexOf(quote);
}

/** A line without its colon, or `every:60s` without the space after it. */
function tellNoColon(source: SourceText, error: YamlFault): Told {
  const text = lineAt(source, error.pos[0]).trim();
  const tight = /^([\w$]+):(\S.*)$/.exec(text);
  if (tight !== null) {
    return {
      message: 'a colon needs a space after it',
      suggestion: 'put a space after the colon',
      fix: `${tight[1]}: ${tight[2]}`,
    };
  }
  const words = /^([\w$]+)\s+(.+)$/.exec(text);
  const fix = words === null ? `${text}:` : `${words[1]}: ${words[2]}`;
  return { message: 'this line has no colon after its key', suggestion: 'put a colon after the key', fix };
}

function tellUnexpected(source: SourceText, error: YamlFault): Told {
  const line = lineAt(source, error.pos[0]);
  const column = source.placeAt(error.pos[0], 1).column;
  const before = line.slice(0, column - 1);
  if (/["']$/.test(before) && /:\s*["']/.test(before)) {
    const { key, value } = pairAround(source, error.pos[0]);
    const inner = value.replace(/^["']/, '').replace(/["']$/, '');
    const quote = value.startsWith('"') ? "'" : '"';
    return {
      message: 'something follows the closing quote',
      suggestion: 'use the other quotes around a text that has quotes in it',
      fix: `${key}: ${quote}${inner}${quote}`,
    };
  }
  if (before.trim() === '') return indentation(source, error);
  return { message: `"${textAt(source, error)}" is not expected here`, suggestion: 'put the whole text in quotes' };
}
