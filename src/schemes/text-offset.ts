/** How many characters an escape of a text in double quotes takes. */
const ESCAPES: Readonly<Record<string, number>> = { U: 10, u: 6, x: 4 };

/**
 * Where a character of a YAML text stands in the source of that text: past its quote, its escapes, its folds.
 * `raw` is the text as the file has it, `index` counts in what it says.
 */
export function offsetInSource(raw: string, index: number): number {
  const [first = ''] = raw;
  if (first === '|' || first === '>') return inBlock(raw, index);
  const start = first === '"' || first === "'" ? 1 : 0;
  let at = start;
  for (let said = 0; said < index && at < raw.length; said += 1) at += lengthAt(raw, at, first);
  return Math.min(at, raw.length);
}

/** Characters in the source for one that it says. */
function lengthAt(raw: string, at: number, quote: string): number {
  const letter = raw[at] ?? '';
  if (quote === '"' && letter === '\\') return ESCAPES[raw[at + 1] ?? ''] ?? 2;
  if (quote === "'" && letter === "'") return 2;
  // A line break with the spaces around it says one space.
  const fold = /^[ \t]*\r?\n\s*/.exec(raw.slice(at, at + 200))?.[0];
  return fold === undefined ? 1 : fold.length;
}

/** A block text: the line with its sign says nothing, each other line begins behind the indent. */
function inBlock(raw: string, index: number): number {
  const head = raw.indexOf('\n') + 1;
  const indent = /^(?:[ \t]*\n)*([ \t]*)/.exec(raw.slice(head))?.[1]?.length ?? 0;
  let at = head + indent;
  for (let said = 0; said < index && at < raw.length; said += 1) {
    at += 1;
    if (raw[at - 1] === '\n') at += Math.min(indent, /^[ \t]*/.exec(raw.slice(at))?.[0].length ?? 0);
  }
  return Math.min(at, raw.length);
}
