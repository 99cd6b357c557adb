import type { Problem } from './problem.ts';
import { placeProblem, type SourceText } from './source-text.ts';

export const MAX_CHARACTERS = 1_000_000;
export const MAX_DEPTH = 32;

/** Refuses what is no scheme before any parser sees it: too big, too deep, not text. */
export function textLimits(source: SourceText): Problem | undefined {
  const { text } = source;
  if (text.length > MAX_CHARACTERS) {
    const size = (text.length / 1_000_000).toFixed(1);
    return limit(source, 0, `this file has ${size} million characters; a scheme has 1 million at most`, {
      suggestion: 'is it a scheme at all? If so, split it',
      fix: 'include: [rules/*.yaml]',
    });
  }
  const strange = text.search(FOREIGN);
  if (strange >= 0) return notText(source, strange);
  const deep = tooDeepAt(text);
  return deep === undefined ? undefined : depthProblem(source, deep);
}

/** U+FFFD stands for bytes that were not UTF-8; control characters never belong into a scheme. */
const FOREIGN = /\uFFFD|(?![\t\n\r])\p{Cc}/u;

function notText(source: SourceText, offset: number): Problem {
  if (source.text.slice(0, 6).includes('\u0000')) {
    return limit(source, offset, 'this file is UTF-16; a scheme is UTF-8', {
      suggestion: 'save the file as UTF-8, or convert it',
      fix: `iconv -f utf-16 -t utf-8 ${source.file} > utf8.yaml`,
    });
  }
  if (source.text[offset] === '\uFFFD') {
    return limit(source, offset, 'this character is not UTF-8', {
      suggestion: 'save the file as UTF-8, or convert it',
      fix: `iconv -f latin1 -t utf-8 ${source.file} > utf8.yaml`,
    });
  }
  const code = (source.text.codePointAt(offset) ?? 0).toString(16).padStart(4, '0').toUpperCase();
  const line = source.lines[source.placeAt(offset, 1).line - 1] ?? '';
  const text = line.replaceAll(new RegExp(FOREIGN, 'gu'), '').trim();
  return limit(source, offset, `a control character (U+${code}) stands here; a scheme is plain UTF-8 text`, {
    suggestion: 'delete it; a file full of them is not text at all',
    ...(text.length > 60 ? {} : { fix: text }),
  });
}

export function depthProblem(source: SourceText, offset: number): Problem {
  return limit(source, offset, `nested more than ${MAX_DEPTH} levels deep`, {
    suggestion: 'no scheme needs that; a bracket or a dash is repeated by mistake',
  });
}

function limit(
  source: SourceText,
  offset: number,
  message: string,
  more: Pick<Problem, 'suggestion' | 'fix'>,
): Problem {
  return placeProblem(source, source.placeAt(offset, 1), { code: 'HB203', severity: 'error', message, ...more });
}

/** Cheap guess before parsing: brackets opened and not closed, or a row of dashes. Text in quotes rarely has so many. */
function tooDeepAt(text: string): number | undefined {
  let open = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === 0x5b || char === 0x7b) open += 1;
    else if (char === 0x5d || char === 0x7d) open = Math.max(0, open - 1);
    if (open > 4 * MAX_DEPTH) return at;
  }
  const row = text.search(/^[ ]*(?:[-?:] +){33}/m);
  const steep = text.search(/^ {1000}/m);
  const found = row >= 0 ? row : steep;
  return found >= 0 ? found : undefined;
}

/** One problem for each line whose indentation has a tab. */
export function leadingTabs(source: SourceText): readonly Problem[] {
  return source.lines.flatMap((line, index) => {
    const tab = /^( *)\t\s*[^\s#]/.exec(line);
    if (tab === null) return [];
    const column = (tab[1] ?? '').length + 1;
    const length = /^\t+/.exec(line.slice(column - 1))?.[0].length ?? 1;
    const message =
      column === 1 ? 'this line starts with a tab; YAML needs spaces' : 'a tab is among the spaces; YAML needs spaces';
    const place = { file: source.file, line: index + 1, column, length };
    return [
      placeProblem(source, place, {
        code: 'HB201',
        severity: 'error',
        message,
        suggestion: 'repair the file',
        fix: 'hanbus fmt',
      }),
    ];
  });
}
