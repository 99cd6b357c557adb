import type { Screen } from './screen.ts';

type Step = readonly [mark: ' ' | '-' | '+', line: string];

const CONTEXT = 2;

/** What changes between two texts, line by line in the unified form, with two lines around each change. */
export function diffLines(file: string, before: string, after: string, note = 'formatted'): string[] {
  const steps = stepsOf(before.split('\n'), after.split('\n'));
  const isNear = (index: number) =>
    steps.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(([mark]) => mark !== ' ');
  const lines: string[] = [`--- ${file}`, `+++ ${file}, ${note}`];
  let wasShown = false;
  let [oldLine, newLine] = [1, 1];
  for (const [index, [mark, line]] of steps.entries()) {
    const isShown = isNear(index);
    if (isShown && !wasShown) lines.push(`@@ -${oldLine} +${newLine} @@`);
    if (isShown) lines.push(`${mark}${line}`);
    if (mark !== '+') oldLine += 1;
    if (mark !== '-') newLine += 1;
    wasShown = isShown;
  }
  return lines;
}

/** The shortest way from one list of lines to the other, by their longest common part; the equal ends are cut off first. */
function stepsOf(before: readonly string[], after: readonly string[]): Step[] {
  let head = 0;
  while (head < before.length && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < before.length - head && tail < after.length - head && before.at(-1 - tail) === after.at(-1 - tail))
    tail += 1;
  const middle = middleSteps(before.slice(head, before.length - tail), after.slice(head, after.length - tail));
  const same = (lines: readonly string[]): Step[] => lines.map((line) => [' ', line]);
  return [...same(before.slice(0, head)), ...middle, ...same(before.slice(before.length - tail))];
}

/** Above this size the changed part is shown as all old, then all new lines. */
const MOST_CELLS = 4_000_000;

function middleSteps(before: readonly string[], after: readonly string[]): Step[] {
  if (before.length * after.length > MOST_CELLS) {
    return [...before.map((line): Step => ['-', line]), ...after.map((line): Step => ['+', line])];
  }
  const common = commonLengths(before, after);
  const steps: Step[] = [];
  let [one, other] = [0, 0];
  while (one < before.length || other < after.length) {
    const [old = '', fresh = ''] = [before[one], after[other]];
    if (one < before.length && other < after.length && old === fresh) {
      steps.push([' ', old]);
      one += 1;
      other += 1;
    } else if (other >= after.length || (one < before.length && common(one + 1, other) >= common(one, other + 1))) {
      steps.push(['-', old]);
      one += 1;
    } else {
      steps.push(['+', fresh]);
      other += 1;
    }
  }
  return steps;
}

/** How many lines the rests of both lists from two places on have in common, in order. */
function commonLengths(before: readonly string[], after: readonly string[]): (one: number, other: number) => number {
  const wide = after.length + 1;
  const table = new Uint32Array((before.length + 1) * wide);
  const at = (one: number, other: number) => table[one * wide + other] ?? 0;
  for (let one = before.length - 1; one >= 0; one -= 1) {
    for (let other = after.length - 1; other >= 0; other -= 1) {
      table[one * wide + other] =
        before[one] === after[other] ? at(one + 1, other + 1) + 1 : Math.max(at(one + 1, other), at(one, other + 1));
    }
  }
  return at;
}

/** A line of a diff: what comes is green, what goes is red. */
export function tintedDiff(line: string, screen: Screen): string {
  if (/^(?:\+\+\+ |--- |@@ )/.test(line)) return screen.tint('dim', line);
  if (line.startsWith('+')) return screen.tint('green', line);
  return line.startsWith('-') ? screen.tint('red', line) : line;
}
