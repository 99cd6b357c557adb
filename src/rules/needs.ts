import type { Value } from '../schemes/reading.ts';
import type { Term, Test } from '../schemes/rules/test.ts';
import { makeDependence } from './compile-kit.ts';
import { compileTerm } from './compile-term.ts';
import { compileTest } from './compile-test.ts';
import type { TestNow } from './engine-world.ts';
import type { Machine } from './machine.ts';
import type { Slot } from './slots.ts';
import { ForTracker } from './trackers.ts';
import type { Truth } from './truth.ts';
import type { TestWatch } from './watches.ts';
import { durationWords, testWords, valueWords } from './words.ts';

/** A part of a test that can be looked at alone. */
interface Leaf {
  readonly test: Test;
  /** The `for` of it that counts right now. */
  readonly tracker: ForTracker | undefined;
}

interface Asked {
  readonly machine: Machine;
  readonly part: 'if' | 'when';
  readonly test: Test;
  readonly text: string;
  readonly watch: TestWatch | undefined;
}

/** What a test says now and what it needs, part by part. */
export function testsNow({ machine, part, test, text, watch }: Asked): readonly TestNow[] {
  const counting = (watch?.trackers ?? []).filter((tracker) => tracker instanceof ForTracker);
  const leaves = leavesOf(test, counting.values());
  return leaves.map((leaf) => {
    const words = leaves.length === 1 ? text : testWords(leaf.test, machine.world);
    return leafNow(machine, leaf, { part, text: words });
  });
}

/** `and` and `or` are taken apart. Every `for` takes the next tracker, in the order in which they were compiled. */
function leavesOf(test: Test, trackers: Iterator<ForTracker>): readonly Leaf[] {
  if (test.op === 'and' || test.op === 'or') return test.tests.flatMap((inner) => leavesOf(inner, trackers));
  return [{ test, tracker: trackerOf(test, trackers) }];
}

function trackerOf(test: Test, trackers: Iterator<ForTracker>): ForTracker | undefined {
  if (test.op === 'and' || test.op === 'or') {
    for (const inner of test.tests) trackerOf(inner, trackers);
    return undefined;
  }
  if (test.op === 'not') return trackerOf(test.test, trackers);
  if (test.op !== 'for') return undefined;
  trackerOf(test.test, trackers);
  const next = trackers.next();
  return next.done === true ? undefined : next.value;
}

function leafNow(machine: Machine, { test, tracker }: Leaf, { part, text }: Pick<TestNow, 'part' | 'text'>): TestNow {
  const dependence = makeDependence();
  const fresh = compileTest(test, machine.kit, dependence);
  const holds = test.op === 'for' && tracker !== undefined ? tracker.check() : fresh();
  const slots = [...dependence.slots];
  const now = Object.fromEntries(
    slots.map((slot): [string, Value | null] => [slot.name, slot.isKnown ? (slot.value ?? null) : null]),
  );
  const needs = holds === true ? undefined : needsOf(machine, test, { holds, slots, tracker });
  return { part, text, holds: holds ?? null, now, ...(needs === undefined ? {} : { needs }) };
}

interface Stand {
  readonly holds: Truth;
  readonly slots: readonly Slot[];
  readonly tracker: ForTracker | undefined;
}

const AMOUNT = { '<': 'less than', '<=': 'at most', '>': 'more than', '>=': 'at least', '=': '', '!=': 'anything but' };

const NOWHERE = 'nobody has said where this home is: node: {location: [52.1, 5.1]}';

function needsOf(machine: Machine, test: Test, stand: Stand): string {
  if (test.op === 'for') return needsTime(machine, test, stand);
  if (stand.holds === undefined && test.op === 'sun' && machine.kit.now.isTrusted) return NOWHERE;
  if (stand.holds === undefined) return unknownWords(machine, stand.slots);
  if (test.op === 'in') {
    const bounds = [test.from, test.to].map((term) => termNow(machine, term, test.of));
    return `${termNow(machine, test.of)} now, needs ${bounds.join(' to ')}`;
  }
  if ('left' in test) {
    const amount = [AMOUNT[test.op], termNow(machine, test.right, test.left)].filter((word) => word !== '').join(' ');
    return `${termNow(machine, test.left, test.right)} now, needs ${amount}`;
  }
  if (test.op === 'stale') return 'it has good readings now';
  if (test.op === 'gone') return 'it is here now';
  return test.op === 'sun' ? `the sun is ${test.is === 'up' ? 'down' : 'up'} now` : 'it is not so now';
}

function needsTime(machine: Machine, test: Extract<Test, { op: 'for' }>, { holds, slots, tracker }: Stand): string {
  const since = tracker?.since;
  if (since !== undefined) {
    return `true for ${durationWords(machine.kit.now.mono - since)}, needs ${durationWords(test.ms)}`;
  }
  if (holds === undefined) return unknownWords(machine, slots);
  return `${needsOf(machine, test.test, { holds, slots, tracker: undefined })}, for ${durationWords(test.ms)}`;
}

function termNow(machine: Machine, term: Term, beside: Term = term): string {
  const value = compileTerm(term, machine.kit, makeDependence())();
  return value === undefined ? 'unknown' : valueWords(value, term.op === 'const' ? beside : term, machine.world);
}

/** Why nobody knows. */
function unknownWords({ kit }: Machine, slots: readonly Slot[]): string {
  const missing = slots.find((slot) => !slot.isKnown);
  if (missing === undefined) return kit.now.isTrusted ? 'there is no value yet' : 'nobody has set the clock';
  const never = missing.value === undefined;
  return never ? `${missing.name} was never seen` : `${missing.name} has no good reading now`;
}
