import type { Value } from '../schemes/reading.ts';
import type { Rule, RuleBook, Variable } from '../schemes/rules/rule.ts';

/** How the rules are called that count for variables; no rule of a person can be. */
const COUNTING = '$count.';

/** The book with a rule for each counter: what is counted is a trigger like any other. */
export function withCounters(book: RuleBook): RuleBook {
  const counters = book.variables.filter((variable) => !isEventCounter(variable)).flatMap(countingRule);
  return counters.length === 0 ? book : { ...book, rules: [...book.rules, ...counters] };
}

/** The counter that such a rule counts for; undefined for a person's rule. */
export function counterOf(rule: string): string | undefined {
  return rule.startsWith(COUNTING) ? rule.slice(COUNTING.length) : undefined;
}

/** What an event counter counts: at any rate, without the engine. */
export interface EventCount {
  readonly variable: string;
  readonly value?: Value;
}

/** Counters of events by the point that speaks. */
export function eventCounts({ variables }: RuleBook): ReadonlyMap<string, readonly EventCount[]> {
  const counts = new Map<string, EventCount[]>();
  for (const { name, counter } of variables) {
    if (counter?.on !== 'event') continue;
    const { point, value } = counter;
    counts.set(point, [...(counts.get(point) ?? []), { variable: name, ...(value === undefined ? {} : { value }) }]);
  }
  return counts;
}

function isEventCounter({ counter }: Variable): boolean {
  return counter?.on === 'event';
}

function countingRule({ name, counter }: Variable): Rule[] {
  if (counter === undefined) return [];
  const variable = `home.${name}`;
  const rule: Rule = {
    name: `${COUNTING}${name}`,
    when: [counter],
    // biome-ignore lint/suspicious/noThenProperty: this is the word of the scheme language
    then: [{ do: 'variable', variable, value: { from: 'const', value: 1 }, text: `count ${variable}` }],
    else: [],
    cooldownMs: 0,
    mode: 'parallel',
    catchupMs: 0,
    reads: pointsIn(counter),
    writes: [variable],
    fingerprint: `counter ${JSON.stringify(counter)}`,
  };
  return [rule];
}

/** Every point and variable that the rules of a book must hear of. */
export function pointsOf({ rules, variables }: RuleBook): ReadonlySet<string> {
  const counted = variables.flatMap(({ counter }) => pointsIn(counter));
  const read = rules.flatMap(({ reads, when, if: test }) => [...reads, ...pointsIn(when), ...pointsIn(test)]);
  return new Set([...read, ...counted]);
}

/** The names under `point` anywhere in a part of a rule. */
function pointsIn(part: unknown): string[] {
  if (Array.isArray(part)) return part.flatMap(pointsIn);
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) =>
    key === 'point' && typeof value === 'string' ? [value] : pointsIn(value),
  );
}
