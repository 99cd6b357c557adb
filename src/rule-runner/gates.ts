import type { Engine, Moment } from '../rules/engine-world.ts';
import { readTest } from '../schemes/rules/check-only-if.ts';
import type { HomePoints } from '../schemes/rules/home-points.ts';
import type { Rule } from '../schemes/rules/rule.ts';
import type { RulesText } from '../schemes/rules/rules-text.ts';
import { pointsIn } from './counters.ts';

/** How the rules are called that stand for a condition of somebody else; the engine lists none of them. */
const GATE = '$gate.';
/** Conditions that are kept in mind; each output has one at most. */
const MOST = 1_000;

/** Conditions beside the rules, such as `only_if` of an output: rules that do nothing and can be asked. */
export class Gates {
  readonly #texts = new Set<string>();

  /** Keeps just these in mind. */
  keep(texts: readonly string[]): void {
    this.#texts.clear();
    for (const text of texts.slice(0, MOST)) this.#texts.add(text);
  }

  /** False: it was known already, or there are too many. */
  add(text: string): boolean {
    if (this.#texts.has(text) || this.#texts.size >= MOST) return false;
    this.#texts.add(text);
    return true;
  }

  rules(scheme: RulesText, home: HomePoints): readonly Rule[] {
    return [...this.#texts].flatMap((text) => gateRule(text, scheme, home));
  }

  /** Undefined: unknown, or no condition that can be asked. */
  holds(text: string, engine: Engine, moment: Moment): boolean | undefined {
    return engine.why(`${GATE}${text}`, moment)?.tests.find(({ part }) => part === 'if')?.holds ?? undefined;
  }
}

function gateRule(text: string, scheme: RulesText, home: HomePoints): Rule[] {
  const { test } = readTest(text, scheme, home);
  if (test === undefined) return [];
  const rule: Rule = {
    name: `${GATE}${text}`,
    when: [],
    if: { ...test, text },
    then: [],
    else: [],
    cooldownMs: 0,
    mode: 'ignore',
    catchupMs: 0,
    reads: [...new Set(pointsIn(test))].sort(),
    writes: [],
    fingerprint: `gate ${JSON.stringify(test)}`,
  };
  return [rule];
}
