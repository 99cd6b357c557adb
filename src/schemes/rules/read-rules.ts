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
import type { RulesText } from './rules-text.ts';
import type { HomeWords, Scope } from './scope.ts';

export interface ReadRules {
  /** Only what is right; a rule with an error is not in it. */
  readonly book: RuleBook;
  /** Everything that is wrong, each with its place below `rules`, `scenes`, `groups` or `home`. */
  readonly problems: readonly PathProblem[];
}

/**
 * Reads all that a scheme says about rules, against the points that are known of the home: when a scheme is checked
 * those of its own devices, at run time every point that any node has told of. Never throws.
 */
export function readRules(text: RulesText, home: HomePoints): ReadRules {
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
  const read = readEach(text.rules, whole);
  const rules = read.flatMap(({ rule }) => (rule === undefined ? [] : [rule]));
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
}

/** Rules that one scheme may have. */
const MOST = 10_000;

function readEach(raw: RulesText['rules'], scope: Scope): readonly ReadOne[] {
  return Object.entries(raw)
    .slice(0, MOST)
    .map(([name, value]) => readNamed(name, value, { ...scope, path: ['rules', name], missing: new Set() }));
}

function readNamed(name: string, raw: unknown, scope: Scope): ReadOne {
  const { path, problems, missing } = scope;
  if (!isName(name)) {
    problems.push({ path, onKey: true, ...nameProblem(name, 'rule'), fix: `${nameFrom(name, 'rule')}:` });
  }
  if (!isRecord(raw)) {
    problems.push(wrongSort('a map (when, then)', raw, path));
    return { name, tests: [], missing: [] };
  }
  const before = problems.length;
  const rule = readRule(name, raw, scope);
  const isWrong = problems.slice(before).some(({ severity }) => severity === undefined || severity === 'error');
  const waits = [...missing];
  const tests = readTests(name, raw.tests, scope);
  // In a home that has changed since the check, a rule with a wrong name waits for the right point to come back.
  if (isWrong || rule === undefined) return { name, tests: [], missing: waits };
  return waits.length > 0 ? { name, tests: [], missing: waits } : { name, rule, tests, missing: [] };
}
