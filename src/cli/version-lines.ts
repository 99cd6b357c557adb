import type { SchemeAnswer } from '../schemes/contracts.ts';
import { columns } from './columns.ts';
import type { Screen } from './screen.ts';
import { counted, spanText } from './spans.ts';

type Version = SchemeAnswer['versions'][number];

/** The versions that ran and were kept, oldest first; the last one is the one that runs. */
export function keptVersions({ versions }: SchemeAnswer): readonly Version[] {
  return versions.filter(({ takenBack, broken }) => takenBack !== true && broken !== true);
}

/** One line for each version, the newest first. */
export function versionLines(answer: SchemeAnswer, now: number, screen: Screen): readonly string[] {
  const runs = keptVersions(answer).at(-1)?.number;
  const rows = answer.versions.toReversed().map((version) => {
    const { number, at, bytes, files, etag } = version;
    const mark = number === runs ? screen.tint('green', '●') : ' ';
    const size = `${counted(files.length, 'file')}, ${bytes} B`;
    return [mark, String(number), agoText(now - at), sourceText(version), size, etag];
  });
  return columns(rows, ['left', 'right', 'right']);
}

function agoText(ms: number): string {
  return ms < 1_000 ? spanText(ms) : `${spanText(ms)} ago`;
}

/** `applied by ann`, `edited by hand`, `undone to 12`. */
export function sourceText({ source, who, of, takenBack, broken }: Version): string {
  const by = who === '' ? '' : ` by ${who}`;
  const what = { apply: `applied${by}`, file: 'edited by hand', undo: `back to ${of ?? '?'}${by}` }[source];
  if (broken === true) return `${what}, with errors; never ran`;
  return takenBack === true ? `${what}, taken back` : what;
}
