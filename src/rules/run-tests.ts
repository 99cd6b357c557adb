import { plainText, type Value } from '../schemes/reading.ts';
import type { Expected, Given, Rule, RuleBook, RuleTest } from '../schemes/rules/rule.ts';
import type { EngineWorld } from './engine-world.ts';
import { makeLocalTime } from './local-time.ts';
import { type Done, fits, makeTestStage, markedRule, type TestStage } from './test-stage.ts';

/** What became of one test of a scheme. */
export interface TestResult {
  readonly rule: string;
  /** Its place among the tests of the rule, from 0. */
  readonly index: number;
  readonly isOk: boolean;
  /** What had to be done, and what was done: `kitchen.pump.state: on for 20s`. */
  readonly expected: readonly string[];
  readonly got: readonly string[];
  /** When it failed: what `why` says of the rule at the end. */
  readonly why?: string;
}

export type TestOptions = Pick<EngineWorld, 'location' | 'node' | 'timeZone' | 'unitOf'>;

/** A Monday in winter, at noon. */
const DATE = '2026-01-12';
const NOON_MS = 12 * 3_600_000;

/** Runs the tests of a book in virtual time, each rule by itself: exactly what is listed must be done, in order. */
export function runTests(book: RuleBook, options: TestOptions): readonly TestResult[] {
  const counts = new Map<string, number>();
  return book.tests.flatMap((test) => {
    const rule = book.rules.find(({ name }) => name === test.rule);
    if (rule === undefined) return [];
    const index = counts.get(test.rule) ?? 0;
    counts.set(test.rule, index + 1);
    return [{ ...runTest({ book, rule, test }, options), index }];
  });
}

interface Case {
  readonly book: RuleBook;
  readonly rule: Rule;
  readonly test: RuleTest;
}

function runTest({ book, rule, test }: Case, options: TestOptions): Omit<TestResult, 'index'> {
  // Loaded just before, so that a schedule of the first moment is still to come.
  const stage = makeTestStage(options, startOf(test, options.timeZone) - 1);
  const { runOn: _, ...own } = markedRule(rule, test.expect);
  stage.engine.load({ ...book, rules: [own], waiting: [] }, stage.moment());
  stage.skip(1);
  const events = eventsOf(rule);
  for (const [index, given] of test.given.entries()) {
    give(stage, given, events);
    if (index === 0) stage.tell({ kind: 'start' });
    stage.pass(given.forMs);
  }
  stage.pass(test.afterMs);
  const isOk =
    stage.done.length === test.expect.length && stage.done.every((done, at) => isExpected(done, test.expect[at]));
  return {
    rule: rule.name,
    isOk,
    expected: test.expect.map(wordsOf),
    got: stage.done.map(wordsOf),
    ...(isOk ? {} : { why: stage.engine.why(rule.name, stage.moment())?.next ?? '' }),
  };
}

const isExpected = (done: Done, expected: Expected | undefined): boolean =>
  expected !== undefined && fits(done, expected);

/** The last step begins at the time of the test, those before it earlier. */
function startOf({ given, timeMs = NOON_MS, date = DATE }: RuleTest, timeZone: string): number {
  const before = given.slice(0, -1).reduce((sum, { forMs }) => sum + forMs, 0);
  return makeLocalTime(timeZone).instantOf(Date.parse(`${date}T00:00:00Z`) + timeMs) - before;
}

function eventsOf({ when }: Rule): ReadonlySet<string> {
  return new Set(when.flatMap((trigger) => (trigger.on === 'event' ? [trigger.point] : [])));
}

function give(stage: TestStage, { values }: Given, events: ReadonlySet<string>): void {
  let sequence = stage.moment().mono;
  for (const [name, value] of values) {
    sequence += 1;
    if (name.startsWith('topic:'))
      stage.tell({ kind: 'message', topic: name.slice(6), payload: value === undefined ? '' : plainText(value) });
    else if (value !== undefined && events.has(name))
      stage.tell({ kind: 'event', point: name, value, epoch: 1, sequence });
    else giveReading(stage, { point: name, value, sequence });
  }
}

/** No reading: its device is gone. */
function giveReading(stage: TestStage, given: { point: string; value: Value | undefined; sequence: number }): void {
  const { point, value, sequence } = given;
  const device = point.slice(0, point.lastIndexOf('.'));
  const isHere = value !== undefined;
  stage.tell({ kind: 'reading', point, value: value ?? '', quality: isHere ? 'good' : 'stale', epoch: 1, sequence });
  stage.tell({ kind: 'presence', subject: { kind: 'device', name: device }, isHere });
  stage.tell({ kind: 'presence', subject: { kind: 'peer', name: point.split('.')[0] ?? '' }, isHere });
}

function wordsOf({ target, value, forMs }: Done): string {
  return `${target}: ${valueWords(value)}${forMs === undefined ? '' : ` for ${forMs / 1000}s`}`;
}

/** On, off, a text as it is; of a service that is told a text alone, that text. */
function valueWords(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  const isTold = typeof value === 'object' && value !== null && 'text' in value && Object.keys(value).length === 1;
  if (isTold && typeof value.text === 'string') return value.text;
  return value === undefined ? 'any' : JSON.stringify(value);
}
