import { runTests } from '../rules/run-tests.ts';
import { homeOf } from '../schemes/check-rules.ts';
import type { KindFacts } from '../schemes/load.ts';
import type { RuleTestAnswer } from '../schemes/rule-contracts.ts';
import { homeWithGiven } from '../schemes/rules/given-points.ts';
import { specOf } from '../schemes/rules/home-points.ts';
import { readRules } from '../schemes/rules/read-rules.ts';
import type { LoadedScheme } from '../schemes/scheme.ts';
import { isRecord } from '../schemes/yaml-value.ts';
import type { Screen } from './screen.ts';
import { counted } from './spans.ts';

/** What the `tests:` of one scheme gave. */
export interface SchemeTests {
  readonly results: readonly RuleTestAnswer[];
  /** Rules whose tests cannot run: points that the scheme itself does not tell of. */
  readonly skipped: readonly { readonly rule: string; readonly missing: readonly string[] }[];
}

/** Runs the tests of the rules in virtual time, with no node. */
export function testScheme(loaded: LoadedScheme, kinds: ReadonlyMap<string, KindFacts>, timeZone: string): SchemeTests {
  const { scheme, placeOf } = loaded;
  if (scheme === undefined) return { results: [], skipped: [] };
  const home = homeWithGiven(scheme.rules, homeOf(scheme, { kinds }));
  const { book } = readRules(scheme.rules, home);
  const { location } = scheme.rules;
  const results = runTests(book, {
    ...{ node: home.node, timeZone, unitOf: (point: string) => specOf(home, point)?.unit },
    ...(location === undefined ? {} : { location }),
  });
  return {
    results: results.map(({ rule, index, isOk, expected, got, why }) => {
      const place = placeOf(`rules.${rule}.tests.${index}`) ?? placeOf(`rules.${rule}`);
      return {
        ...{ rule, test: index + 1, ok: isOk, expected: [...expected], got: [...got] },
        ...(place === undefined ? {} : { place }),
        ...(why === undefined || why === '' ? {} : { why }),
      };
    }),
    skipped: book.waiting.filter(({ rule }) => hasTests(scheme.rules.rules[rule])),
  };
}

function hasTests(rule: unknown): boolean {
  return isRecord(rule) && Array.isArray(rule.tests) && rule.tests.length > 0;
}

/** Each failing test, then how many there were. */
export function tellTests(screen: Screen, { results, skipped }: SchemeTests): void {
  const failed = results.filter(({ ok }) => !ok);
  for (const result of failed) for (const line of failureLines(result, screen)) screen.wrong(line);
  for (const { rule, missing } of skipped) {
    const lacks = missing.join(', ');
    screen.note(`${screen.tint('yellow', '▲')} ${rule} was not tested: the scheme does not tell of ${lacks}`);
  }
  const total = counted(results.length, 'test');
  if (failed.length > 0) screen.wrong(`${screen.tint('red', '✗')} ${failed.length} of ${total} failed`);
  else if (results.length > 0) screen.out(`${screen.tint('green', '✓')} ${total} passed`);
  else screen.note('There are no tests. A rule has them under tests: [{given: {...}, expect: {...}}]');
}

function failureLines({ rule, test, place, expected, got, why }: RuleTestAnswer, screen: Screen): readonly string[] {
  const where = place === undefined ? '' : `${place}   `;
  return [
    `${screen.tint('red', '✗')} ${where}${screen.tint('bold', `rule ${rule}, test ${test}`)}`,
    `   expected  ${listText(expected)}`,
    `   got       ${listText(got)}`,
    ...(why === undefined ? [] : [`   why       ${why}`]),
  ];
}

function listText(list: readonly string[]): string {
  return list.length === 0 ? 'nothing' : list.join(', then ');
}
