import { keyOf } from './document-path.ts';
import type { Path } from './path-problem.ts';
import type { Place, Problem } from './problem.ts';

import { makeSourceText, type SourceText } from './source-text.ts';
import { offsetInSource } from './text-offset.ts';
import { leadingTabs, textLimits } from './yaml-limits.ts';
import { parseYaml } from './yaml-parse.ts';
import { readPlain, type Spot } from './yaml-plain.ts';
import { yamlProblem } from './yaml-problems.ts';

/** One YAML file as plain data; the position of every key and value is kept. */
export interface SchemeDocument {
  readonly file: string;
  /** Plain data: maps, lists, text, numbers, booleans, null. Undefined for an empty file. */
  readonly root: unknown;
  /** What is wrong with the YAML itself. */
  readonly problems: readonly Problem[];
  /** From this line on the data is not what was meant, because the YAML is broken there; Infinity when it is not. */
  readonly brokenFrom: number;
  readonly source: SourceText;
  /** The place of the value at a path (of its key with `onKey`), or of the nearest parent that is there. */
  placeOf(path: Path, onKey?: boolean): Place;
  /** The place of some characters of the text (or the key) at a path. */
  placeWithin(path: Path, within: readonly [number, number], onKey?: boolean): Place;
  /** True when the document has a value at just this path. */
  has(path: Path): boolean;
}

/** Parses one file. Never throws: whatever is wrong becomes a problem with its place. */
export function parseDocument(file: string, text: string): SchemeDocument {
  const source = makeSourceText(file, text);
  const limits = textLimits(source);
  if (limits !== undefined) return broken(source, [limits]);
  const first = parseYaml(source.text);
  if (first.error !== undefined && leadingTabs(source).length > 0) return parseTabbed(source);
  if (first.error !== undefined && first.document === undefined)
    return broken(source, [yamlProblem(source, first.error)]);
  return readParsed(source, first, []);
}

/** A tab becomes one space, so that columns stay; then the rest of the file can be checked in the same pass. */
function parseTabbed(source: SourceText): SchemeDocument {
  const tabs = leadingTabs(source);
  const spaced = source.text.replaceAll(/^[ \t]+/gm, (indent) => ' '.repeat(indent.length));
  const second = parseYaml(spaced);
  if (second.error !== undefined) return broken(source, tabs);
  return readParsed(source, second, tabs);
}

function readParsed(
  source: SourceText,
  parsed: ReturnType<typeof parseYaml>,
  before: readonly Problem[],
): SchemeDocument {
  const plain = readPlain(source, parsed);
  const fault = parsed.error === undefined ? undefined : yamlProblem(source, parsed.error);
  const tooDeep = plain.problems.filter(({ code }) => code === 'HB203');
  if (tooDeep.length > 0) return broken(source, [...before, ...tooDeep]);
  const brokenFrom = fault?.place?.line ?? Number.POSITIVE_INFINITY;
  const readable = plain.problems.filter(({ place }) => (place?.line ?? 0) < brokenFrom);
  const problems = [...before, ...readable, ...(fault === undefined ? [] : [fault])];
  return { ...located(source, plain.spots), root: plain.root, problems, brokenFrom };
}

function broken(source: SourceText, problems: readonly Problem[]): SchemeDocument {
  return { ...located(source, new Map()), root: undefined, problems, brokenFrom: 0 };
}

function located(source: SourceText, spots: ReadonlyMap<string, Spot>) {
  return {
    file: source.file,
    source,
    has: (path: Path) => spots.has(keyOf(path)),
    placeOf(path: Path, onKey = false): Place {
      for (let length = path.length; length >= 0; length -= 1) {
        const spot = spots.get(keyOf(path.slice(0, length)));
        // A missing child is shown at the key of its parent.
        if (spot !== undefined) return placeOfSpot(source, spot, onKey || length < path.length);
      }
      return source.placeAt(0, 1);
    },
    placeWithin(path: Path, [from, to]: readonly [number, number], onKey = false): Place {
      const spot = spots.get(keyOf(path));
      const range = onKey ? (spot?.key ?? spot?.value) : spot?.value;
      if (range === undefined) return this.placeOf(path, onKey);
      const raw = source.text.slice(range[0], range[1]);
      const start = offsetInSource(raw, from);
      return source.placeAt(range[0] + start, Math.max(1, offsetInSource(raw, to) - start));
    },
  };
}

function placeOfSpot(source: SourceText, spot: Spot, onKey: boolean): Place {
  const [from, to] = onKey ? (spot.key ?? spot.value) : spot.value;
  return source.placeAt(from, to - from);
}
