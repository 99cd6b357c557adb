import { nameProblem } from '../check-node.ts';
import { wrongSort } from '../field-problems.ts';
import { isName, nameFrom } from '../names.ts';
import type { PathProblem } from '../path-problem.ts';
import { isRecord } from '../yaml-value.ts';
import { findLoops } from './find-loops.ts';
import type { HomePoints } from './home-points.ts';
import { readGroups } from './read-groups.ts';
import { readRule } from './read-rule.ts';
import { readScenes } from './read-scenes.ts';
import { readTests } from './read-tests.ts';
import { countersOf, readVariables } from './read-variables.ts';
import type { Rule, RuleBook, RuleTest } from './rule.ts';
import { RuleMemory } from './rule-memory.ts';
import type { RulesText } from './rules-text.ts';
import type { HomeWords, Scope } from './scope.ts';

export interface ReadRules {
  /** Only what is right; a rule with an error is not in it. */
  readonly book: RuleBook;
  /** Everything that is wrong, each with its place below `rules`, `scenes`, `groups` or `home`. */
  readonly problems: readonly PathProblem[];
}

/** Rules as they were read before, so that those that have not changed are not read again. */
export type KnownRules = RuleMemory<ReadOne>;

export function makeKnownRules(): KnownRules {
  return new RuleMemory();
}

/**
 * Reads all that a scheme says about rules, against the points that are known of the home: when a scheme is checked
 * those of its own devices, at run time every point that any node has told of. Never throws.
 */
export function readRules(text: RulesText, home: HomePoints): ReadRules {
  const reading = readRulesInSteps(text, home, makeKnownRules());
  for (;;) {
    const { done, value } = reading.next();
    if (done === true) return value;
  }
}

/** The same in steps of a few ms, so that others have their turn between them. */
export function* readRulesInSteps(text: RulesText, home: HomePoints, known: KnownRules): Generator<void, ReadRules> {
  const problems: PathProblem[] = [];
  const variables = readVariables(text.home, problems);
  const scope: Scope = { home, words: emptyWords(), missing: new Set(), problems, path: [], onKey: false, offset: 0 };
  const words: HomeWords = {
    groups: readGroups(text.groups, { ...scope, words: { ...scope.words, services: text.services }, path: ['groups'] }),
    rules: Object.keys(text.rules),
    scenes: Object.keys(text.scenes),
    services: text.services,
    variables,
  };
  const whole: Scope = { ...scope, words };
  const scenes = readScenes(text.scenes, { ...whole, path: ['scenes'] });
  const read = yield* readEach(text.rules, whole, known);
  const rules = read.flatMap(({ rule }) => (rule === undefined ? [] : [rule]));
  for (const one of read) problems.push(...one.problems);
  if (rules.length > LOOPS_BESIDE) yield;
  problems.push(...findLoops(rules, scenes, home));
  const book: RuleBook = {
    rules,
    scenes,
    groups: [...words.groups.values()],
    variables: countersOf(text.home, variables, { ...whole, path: ['home'] }),
    tests: read.flatMap(({ tests }) => tests),
    waiting: read.flatMap(({ name, missing }) => (missing.length === 0 ? [] : [{ rule: name, missing }])),
  };
  return { book, problems };
}

function emptyWords(): HomeWords {
  return { groups: new Map(), rules: [], scenes: [], services: [], variables: new Map() };
}

interface ReadOne {
  readonly name: string;
  readonly rule?: Rule;
  readonly tests: readonly RuleTest[];
  readonly missing: readonly string[];
  readonly problems: readonly PathProblem[];
}

/** Rules that one scheme may have. */
const MOST = 10_000;
/** Rules that are read in one step, of 0.1 to 0.3 ms each; and how many known ones cost as much as one. */
const IN_ONE_STEP = 16;
const KNOWN_PER_READ = 40;
/** Circles among so many are looked for in the same step. */
const LOOPS_BESIDE = 200;

function* readEach(raw: RulesText['rules'], scope: Scope, known: KnownRules): Generator<void, readonly ReadOne[]> {
  const reading = known.begin(scope);
  const all: ReadOne[] = [];
  let work = 0;
  for (const [name, value] of Object.entries(raw).slice(0, MOST)) {
    const { read, isNew } = reading.read(name, value, (surroundings) =>
      readNamed(name, value, { ...scope, ...surroundings, path: ['rules', name], missing: new Set(), problems: [] }),
    );
    all.push(read);
    work += isNew ? 1 : 1 / KNOWN_PER_READ;
    if (work < IN_ONE_STEP) continue;
    work = 0;
    yield;
  }
  reading.keepOnly(new Set(all.map(({ name }) => name)));
  return all;
}

function readNamed(name: string, raw: unknown, scope: Scope): ReadOne {
  const { path, problems, missing } = scope;
  if (!isName(name)) {
    problems.push({ path, onKey: true, ...nameProblem(name, 'rule'), fix: `${nameFrom(name, 'rule')}:` });
  }
  if (!isRecord(raw)) {
    problems.push(wrongSort('a map (when, then)', raw, path));
    return { name, tests: [], missing: [], problems };
  }
  const before = problems.length;
  const rule = readRule(name, raw, scope);
  const isWrong = problems.slice(before).some(({ severity }) => severity === undefined || severity === 'error');
  const waits = [...missing];
  const tests = readTests(name, raw.tests, scope);
  // In a home that has changed since the check, a rule with a wrong name waits for the right point to come back.
  if (isWrong || rule === undefined) return { name, tests: [], missing: waits, problems };
  return waits.length > 0
    ? { name, tests: [], missing: waits, problems }
    : { name, rule, tests, missing: [], problems };
}
