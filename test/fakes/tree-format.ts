import { readdirSync, readFileSync } from 'node:fs';
import type { Entry } from '../../src/drivers/ports/simulated-files.ts';

export interface Answer {
  readonly code: number;
  readonly out: string;
}

/** A picture of one board: paths, sizes of its file systems, and what programs answer. */
export interface Picture {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly spaces: ReadonlyMap<string, readonly [size: number, free: number, available: number]>;
  readonly programs: ReadonlyMap<string, Answer>;
}

const folder = new URL('../trees/', import.meta.url);
const encoder = new TextEncoder();

/** The names of all trees. */
export function boardNames(): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** Reads the picture of a board from `test/trees/<board>/*.txt`; a path may stand in one file only. */
export function readPicture(board: string): Picture {
  const here = new URL(`${board}/`, folder);
  const picture = { entries: new Map(), spaces: new Map(), programs: new Map() };
  for (const file of readdirSync(here).sort()) {
    if (file.endsWith('.txt')) parsePicture(readFileSync(new URL(file, here), 'utf8'), picture, `${board}/${file}`);
  }
  return picture;
}

interface Draft {
  readonly entries: Map<string, Entry>;
  readonly spaces: Map<string, readonly [number, number, number]>;
  readonly programs: Map<string, Answer>;
}

/** Adds one text file of the format that `test/trees/README.md` describes. Text before the first header is a remark. */
export function parsePicture(text: string, draft: Draft, from: string): void {
  const sections = `\n${text}`.split(/\n=== /).slice(1);
  for (const section of sections) {
    const end = section.indexOf('\n');
    const header = (end === -1 ? section : section.slice(0, end)).trimEnd();
    const content = (end === -1 ? '' : section.slice(end + 1)).replace(/\n+$/, '');
    addSection(draft, header, content, from);
  }
}

function addSection(draft: Draft, header: string, content: string, from: string): void {
  const [, program, code] = /^\$ (.*?)(?: !EXIT (\d+))?$/.exec(header) ?? [];
  if (program !== undefined) {
    draft.programs.set(program, { code: Number(code ?? 0), out: content === '' ? '' : `${content}\n` });
    return;
  }
  const [, path, link, mark] = /^(\/.*?)(?: --> (.+)| !(.+))?$/.exec(header) ?? [];
  if (path === undefined) throw new Error(`${from}: cannot read the header "=== ${header}"`);
  const space = /^SPACE (\d+) (\d+) (\d+)$/.exec(mark ?? '');
  if (space !== null) {
    draft.spaces.set(path, [Number(space[1]), Number(space[2]), Number(space[3])]);
    return;
  }
  const entry: Entry = link === undefined ? entryOf(mark, content, from) : { kind: 'link', target: link };
  const known = draft.entries.get(path);
  if (known !== undefined && JSON.stringify(known) !== JSON.stringify(entry)) {
    throw new Error(`${from}: ${path} stands twice`);
  }
  draft.entries.set(path, entry);
}

function entryOf(mark: string | undefined, content: string, from: string): Entry {
  if (mark === undefined) return { kind: 'file', bytes: encoder.encode(content === '' ? '' : `${content}\n`) };
  const fill = /^FILL (\d+)$/.exec(mark);
  if (fill !== null) return { kind: 'file', bytes: new Uint8Array(Number(fill[1])).fill(120) };
  if (mark === 'HEX') return { kind: 'file', bytes: Uint8Array.from(Buffer.from(content.replace(/\s+/g, ''), 'hex')) };
  if (mark === 'NUL') return { kind: 'file', bytes: encoder.encode(`${content.split('\n').join('\u0000')}\u0000`) };
  if (mark === 'DIR') return { kind: 'directory' };
  if (mark === 'HANG') return { kind: 'hang' };
  if (/^E[A-Z0-9]+$/.test(mark)) return { kind: 'error', code: mark };
  throw new Error(`${from}: unknown mark !${mark}`);
}
