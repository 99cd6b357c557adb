import type { SchemeDocument } from './document.ts';
import { keyOf } from './document-path.ts';
import { isName } from './names.ts';
import { listed, nearest } from './near.ts';
import type { Path, PathProblem } from './path-problem.ts';
import type { Place, Problem } from './problem.ts';
import { placeProblem } from './source-text.ts';
import { isRecord, pairText, sortOf } from './yaml-value.ts';

/** Keys whose members may be spread over files. */
const SPREAD = ['bridges', 'devices', 'groups', 'home', 'rules', 'scenes', 'services'];
const SINGLE = ['broker', 'dashboard', 'mesh', 'node', 'publish', 'state'];
export const TOP_KEYS: readonly string[] = [...SPREAD, ...SINGLE, 'include'].toSorted();

/** All files as one map; each part knows its file. */
export interface Merged {
  readonly root: Readonly<Record<string, unknown>>;
  readonly problems: readonly Problem[];
  /** Turns a problem in the merged data into one with file, line and column. */
  locate(problem: PathProblem): Problem;
  placeOf(path: Path): Place | undefined;
}

interface Merging {
  readonly root: Record<string, unknown>;
  readonly owners: Map<string, SchemeDocument>;
  readonly problems: Problem[];
}

export function mergeDocuments(documents: readonly SchemeDocument[]): Merged {
  const merging: Merging = { root: {}, owners: new Map(), problems: [] };
  for (const document of documents) mergeOne(merging, document);
  const { root, owners, problems } = merging;
  const ownerOf = (path: Path): SchemeDocument | undefined =>
    owners.get(keyOf(path.slice(0, 2))) ?? owners.get(keyOf(path.slice(0, 1))) ?? documents[0];
  return {
    root,
    problems,
    locate({ path, onKey, within, ...told }) {
      const document = ownerOf(path);
      if (document === undefined) return { severity: 'error', ...told };
      const place = within === undefined ? document.placeOf(path, onKey) : document.placeWithin(path, within, onKey);
      return placeProblem(document.source, place, { severity: 'error', ...told });
    },
    placeOf(path) {
      const document = ownerOf(path);
      return document?.has(path) === true ? document.placeOf(path) : undefined;
    },
  };
}

function mergeOne(merging: Merging, document: SchemeDocument): void {
  const { root } = document;
  if (root === undefined || root === null) return;
  if (!isRecord(root)) {
    const message = `a scheme is a map (name: value), not ${sortOf(root)}`;
    report(merging, document, {
      path: [],
      code: 'HB205',
      message,
      suggestion: 'a scheme starts with a key such as devices',
      ...topFix(root),
    });
    return;
  }
  for (const [key, value] of Object.entries(root)) {
    if (key === 'include' || value === null) continue;
    if (!TOP_KEYS.includes(key)) report(merging, document, unknownTop(key, value));
    else if (SPREAD.includes(key)) mergeMembers(merging, document, key, value);
    else mergeSingle(merging, document, [key], value);
  }
}

function mergeMembers(merging: Merging, document: SchemeDocument, key: string, value: unknown): void {
  if (!isRecord(value)) {
    report(merging, document, notMembers(key, value));
    return;
  }
  const members: Record<string, unknown> = isRecord(merging.root[key]) ? { ...merging.root[key] } : {};
  for (const [name, member] of Object.entries(value)) {
    const earlier = merging.owners.get(keyOf([key, name]));
    if (earlier !== undefined) {
      report(merging, document, twice([key, name], `${key}.${name}`, earlier));
      continue;
    }
    merging.owners.set(keyOf([key, name]), document);
    Object.defineProperty(members, name, { value: member, enumerable: true, configurable: true, writable: true });
  }
  if (!merging.owners.has(key)) merging.owners.set(key, document);
  merging.root[key] = members;
}

function mergeSingle(merging: Merging, document: SchemeDocument, path: [string], value: unknown): void {
  const [key] = path;
  const earlier = merging.owners.get(key);
  if (earlier !== undefined) {
    report(merging, document, twice(path, key, earlier));
    return;
  }
  merging.owners.set(key, document);
  merging.root[key] = value;
}

function report(merging: Merging, document: SchemeDocument, problem: PathProblem): void {
  const { path, onKey, ...told } = problem;
  merging.problems.push(placeProblem(document.source, document.placeOf(path, onKey), { severity: 'error', ...told }));
}

function twice(path: Path, name: string, earlier: SchemeDocument): PathProblem {
  const { file, line, column } = earlier.placeOf(path, true);
  const message = `${name} is also in ${file}:${line}:${column}`;
  return { path, onKey: true, code: 'HB232', message, suggestion: 'keep one of the two' };
}

function unknownTop(key: string, value: unknown): PathProblem {
  const near = nearest(key, TOP_KEYS);
  const message = `unknown key "${key}"`;
  const problem = { path: [key], onKey: true, code: 'HB204', message };
  if (near !== undefined) return { ...problem, suggestion: `did you mean "${near}"?`, fix: pairText(near, value) };
  if (isRecord(value) && 'kind' in value) {
    return {
      ...problem,
      suggestion: 'devices go under devices:',
      fix: `devices: {${key}: {kind: ${String(value.kind)}}}`,
    };
  }
  return { ...problem, suggestion: `a scheme has the keys ${listed(TOP_KEYS)}` };
}

function topFix(root: unknown): { fix?: string } {
  const members = Array.isArray(root) ? root.flatMap((item) => memberText(item)) : [];
  return members.length > 0 ? { fix: `devices: {${members.join(', ')}}` } : {};
}

function notMembers(key: string, value: unknown): PathProblem {
  const tight = typeof value === 'string' ? /^(\w+):(\S+)$/.exec(value) : null;
  if (tight !== null) {
    const fix = `${tight[1]}: ${tight[2]}`;
    return {
      path: [key],
      code: 'HB205',
      message: 'a colon needs a space after it',
      suggestion: 'put a space after the colon',
      fix,
    };
  }
  const names = Array.isArray(value) ? value.flatMap((item) => memberText(item)) : [];
  if (key === 'devices' && typeof value === 'string' && isName(value)) names.push(`${value}: ${value}`);
  const fix = names.length > 0 ? { fix: `${key}: {${names.join(', ')}}` } : {};
  const suggestion =
    Array.isArray(value) && names.length > 0 ? 'write names instead of dashes' : 'write a name, a colon and what it is';
  return {
    path: [key],
    code: 'HB205',
    message: `${key} needs a map (name: value), not ${sortOf(value)}`,
    suggestion,
    ...fix,
  };
}

function memberText(item: unknown): readonly string[] {
  if (!isRecord(item)) return [];
  const { name, kind, platform } = item;
  const type = kind ?? platform;
  if (typeof name === 'string' && typeof type === 'string') return [`${name}: {kind: ${type}}`];
  const [first] = Object.entries(item);
  return first !== undefined && typeof first[1] === 'string' ? [`${first[0]}: ${first[1]}`] : [];
}
