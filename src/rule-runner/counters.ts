import type { Value } from '../schemes/reading.ts';
import type { Rule, RuleBook, Variable } from '../schemes/rules/rule.ts';
import type { HomeVariables } from './home-variables.ts';

/** How the rules are called that count for variables; the engine lists none whose name begins so. */
const COUNTING = '$count.';

/**
 * A rule for each counter of a test or a time: what is counted is a trigger like any other. Events are counted without
 * the engine, at any rate.
 */
export function countingRules({ variables }: RuleBook): readonly Rule[] {
  return variables.flatMap(countingRule);
}

/** The counter that such a rule counts for; undefined for a person's rule. */
export function counterOf(rule: string): string | undefined {
  return rule.startsWith(COUNTING) ? rule.slice(COUNTING.length) : undefined;
}

function countingRule({ name, counter }: Variable): Rule[] {
  if (counter === undefined || counter.on === 'event') return [];
  const variable = `home.${name}`;
  const rule: Rule = {
    name: `${COUNTING}${name}`,
    when: [counter],
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

/** Every point and variable that a rule looks at. */
export function pointsOfRule({ reads, when, if: test }: Rule): ReadonlySet<string> {
  return new Set([...reads, ...pointsIn(when), ...pointsIn(test)]);
}

/** The names under `point` anywhere in a part of a rule. */
export function pointsIn(part: unknown): string[] {
  if (Array.isArray(part)) return part.flatMap(pointsIn);
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) =>
    key === 'point' && typeof value === 'string' ? [value] : pointsIn(value),
  );
}

interface EventCount {
  readonly variable: string;
  readonly value: Value | undefined;
}

/** Counts events for variables. */
export class EventCounters {
  readonly #variables: HomeVariables;
  /** By the point that speaks. */
  #counts: ReadonlyMap<string, readonly EventCount[]> = new Map();

  constructor(variables: HomeVariables) {
    this.#variables = variables;
  }

  get points(): Iterable<string> {
    return this.#counts.keys();
  }

  apply(variables: readonly Variable[]): void {
    const counts = new Map<string, EventCount[]>();
    for (const { name, counter } of variables) {
      if (counter?.on !== 'event') continue;
      const { point, value } = counter;
      counts.set(point, [...(counts.get(point) ?? []), { variable: name, value }]);
    }
    this.#counts = counts;
  }

  heard(point: string, said: Value): void {
    for (const { variable, value } of this.#counts.get(point) ?? []) {
      if (value === undefined || value === said) this.#variables.count(variable);
    }
  }
}
