import { checkBroker } from './check-broker.ts';
import type { CheckContext } from './check-context.ts';
import { checkDevices } from './check-devices.ts';
import { checkNode } from './check-node.ts';
import { checkPublish } from './check-publish.ts';
import { checkReferences } from './check-references.ts';
import { checkRules } from './check-rules.ts';
import { checkSecretValues } from './check-secrets.ts';
import { checkState } from './check-state.ts';
import { checkWaiting } from './check-waiting.ts';
import type { SchemeDocument } from './document.ts';
import { environmentKeys, overlay } from './environment.ts';
import { readFiles, type SchemeFilesWorld } from './include.ts';
import type { KindFacts as Facts } from './kind-facts.ts';
import { type Merged, mergeDocuments } from './merge.ts';
import type { PathProblem } from './path-problem.ts';
import { ENVIRONMENT_PLACE, type Place, type Problem } from './problem.ts';
import { placeText } from './problem-text.ts';
import type { KnownRules } from './rules/read-rules.ts';
import type { LoadedScheme, Scheme } from './scheme.ts';
import { hide } from './source-text.ts';

export type KindFacts = Facts;

/** All that loading a scheme needs from outside. */
export interface SchemeWorld extends SchemeFilesWorld {
  readonly kinds: ReadonlyMap<string, KindFacts>;
  /** Environment and secrets: where `$NAME` is looked up. `HANBUS_PUBLISH__EVERY=30s` sets a key over the files. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Rules of the version before: those that have not changed are not read again. */
  readonly knownRules?: KnownRules;
}

/**
 * Reads, merges and checks the files of a scheme, under the keys that the environment sets: YAML, then shape, names,
 * units, places and pins, all in one pass. Never throws for anything that is in a file; an empty or missing file is a
 * valid empty scheme. What is wrong in the environment is told and left out: it makes no scheme unusable.
 */
export async function loadScheme(world: SchemeWorld): Promise<LoadedScheme> {
  const { documents, problems } = await readFiles(world);
  await world.rest?.();
  const yaml = [...problems, ...documents.flatMap((document) => document.problems)];
  const written = mergeDocuments(documents);
  const { merged, scheme, found, refused, secrets } = await checkWithin(written, world);
  const off = new Set(yaml.filter(({ code }) => code === 'HB202').map(lineOf));
  const own = [...written.problems, ...found].filter((problem) => isTrustworthy(problem, documents));
  // What was refused on a line was not read either: the rest of that line would only echo it.
  const all = [...yaml, ...own.filter((problem) => !off.has(lineOf(problem)))];
  const sorted = inOrder(all, documents).map((problem) => hide(problem, secrets));
  const isUsable = !sorted.some(({ severity }) => severity === 'error');
  return {
    ...(isUsable ? { scheme } : {}),
    problems: [...refused, ...sorted],
    files: documents.map(({ file }) => file),
    placeOf: (key) => {
      const place = spellings(key.split('.')).flatMap((path) => merged.placeOf(path) ?? [])[0];
      return place === undefined ? undefined : placeText(place).replace(ENVIRONMENT_PLACE, 'environment:');
    },
  };
}

/** Where the value of a path may stand: there, beside `publish`, or as the short form of its parent (`air: bme280`). */
function spellings(path: readonly string[]): (readonly string[])[] {
  const last = path.slice(-1);
  const parent = path.slice(0, -1);
  if (parent.at(-1) === 'publish') return [path, [...parent.slice(0, -1), ...last]];
  return ['kind', 'name', 'url'].includes(last.join()) ? [path, parent] : [path];
}

interface Checked {
  readonly merged: Merged;
  readonly scheme: Scheme;
  readonly found: readonly Problem[];
  /** Of variables that were left out. */
  readonly refused: readonly Problem[];
  readonly secrets: readonly Place[];
}

/** Checks the files under the environment, without the variables that are wrong. */
async function checkWithin(written: Merged, world: SchemeWorld): Promise<Checked> {
  const { kinds, environment } = world;
  const all = environmentKeys(environment);
  const refused = all.flatMap(({ problems }) => problems);
  let keys = all.filter(({ problems }) => problems.every(({ severity }) => severity !== 'error'));
  for (;;) {
    const merged = overlay(written, keys);
    const context: CheckContext = { kinds, environment, problems: [] };
    const scheme = await checkScheme(merged, context, world);
    const found = context.problems.map((problem) => merged.locate(problem));
    const wrong = found.filter(({ severity, place }) => severity === 'error' && isOfEnvironment(place));
    if (wrong.length === 0) return { merged, scheme, found, refused, secrets: secretPlaces(merged, context.problems) };
    refused.push(...wrong);
    const names = new Set(wrong.map(({ place }) => place?.file));
    keys = keys.filter(({ variable }) => !names.has(`${ENVIRONMENT_PLACE}${variable}`));
  }
}

function isOfEnvironment(place: Place | undefined): boolean {
  return place?.file.startsWith(ENVIRONMENT_PLACE) === true;
}

async function checkScheme(merged: Merged, context: CheckContext, world: SchemeWorld): Promise<Scheme> {
  const { root } = merged;
  const node = checkNode(root.node, context);
  const publish = checkPublish(root.publish, ['publish'], context) ?? {};
  const devices = checkDevices(root.devices, context);
  const broker = checkBroker(root.broker, context);
  const waiting = checkWaiting(root, context);
  checkSecretValues(root, context);
  checkReferences(root, { node, devices }, context);
  const state = checkState(root.state, context);
  await world.rest?.();
  const rules = await checkRules(root, { node, devices }, { ...context, ...world });
  return { node, publish, devices, broker, state, rules, waiting };
}

/** Where values stand that are secrets, or were meant for a misspelt secret. */
function secretPlaces(merged: Merged, problems: readonly PathProblem[]): readonly Place[] {
  // In an address only the password is hidden, when its line is taken from the file.
  const isSecret = ({ code, fix, message }: PathProblem) =>
    (code === 'HB270' && !message.includes('address')) || fix?.endsWith('$NAME') === true;
  return problems.filter(isSecret).flatMap(({ path }) => merged.placeOf(path) ?? []);
}

function lineOf({ place }: Problem): string {
  return `${place?.file}:${place?.line}`;
}

/** Below broken YAML the data is not what was meant, and what seems to be missing may only be unread. */
function isTrustworthy({ code, place }: Problem, documents: readonly SchemeDocument[]): boolean {
  const from = documents.find(({ file }) => file === place?.file)?.brokenFrom ?? Number.POSITIVE_INFINITY;
  if (place === undefined || from === Number.POSITIVE_INFINITY) return true;
  return place.line < from && code !== 'HB207' && code !== 'HB290';
}

/** By file in the order read, then by line and column; the same problem only once. */
function inOrder(problems: readonly Problem[], documents: readonly SchemeDocument[]): readonly Problem[] {
  const files = documents.map(({ file }) => file);
  const rank = ({ place }: Problem) => (place === undefined ? -1 : files.indexOf(place.file));
  const seen = new Set<string>();
  return problems
    .toSorted((a, b) => {
      const [one, other] = [a.place, b.place];
      return rank(a) - rank(b) || (one?.line ?? 0) - (other?.line ?? 0) || (one?.column ?? 0) - (other?.column ?? 0);
    })
    .filter(({ code, message, place }) => {
      const key = JSON.stringify([code, message, place]);
      return seen.has(key) ? false : seen.add(key);
    });
}
