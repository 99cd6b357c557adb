import type { Value } from '../reading.ts';
import type { Rule, Scene, Trigger } from './rule.ts';
import type { Source, Step } from './step.ts';
import type { Test } from './test.ts';
import { everyStep, readsOf } from './uses-of.ts';

/** One thing that a part of a rule does: a point gets a value, or a message goes to a topic. */
export interface Effect {
  /** Full name, or `topic:a/b`. */
  readonly target: string;
  /** Undefined: it can be anything. */
  readonly value?: Value;
  /** It comes by itself, when a timed set is over. */
  readonly later?: boolean;
}

/** `then` or `else` of one rule: what it does and what starts it. */
export interface LoopPart {
  readonly rule: Rule;
  readonly half: 'else' | 'then';
  readonly effects: readonly Effect[];
  /** It asks or waits for something besides what the others do. */
  readonly isHeld: boolean;
  /** Points and topics that can start it. */
  readonly sources: ReadonlySet<string>;
}

/** All halves of rules that do something, with the scenes written out. */
export function loopParts(rules: readonly Rule[], scenes: readonly Scene[]): readonly LoopPart[] {
  const byName = new Map(scenes.map((scene) => [scene.name, scene.steps]));
  return rules.flatMap((rule) =>
    (['then', 'else'] as const).flatMap((half) => {
      const steps = rule[half];
      if (steps.length === 0) return [];
      const part: LoopPart = {
        rule,
        half,
        effects: effectsOf(steps, byName),
        isHeld: isHeld(rule, steps),
        sources: new Set(rule.when.flatMap(sourcesOf)),
      };
      return [part];
    }),
  );
}

function effectsOf(steps: readonly Step[], scenes: ReadonlyMap<string, readonly Step[]>): readonly Effect[] {
  return everyStep(steps).flatMap((step): readonly Effect[] => {
    if (step.do === 'scene') return effectsOf((scenes.get(step.scene) ?? []).filter(notScene), scenes);
    if (step.do === 'set') return step.targets.flatMap((target) => setEffects(target, step));
    if (step.do === 'variable') return [{ target: step.variable, ...constantOf(step.value) }];
    if (step.do !== 'publish') return [];
    const [topic = '', more] = step.topic;
    return typeof topic === 'string' && more === undefined ? [{ target: `topic:${topic}` }] : [];
  });
}

function notScene(step: Step): boolean {
  return step.do !== 'scene';
}

/** A timed set comes back to rest later: a switch to off. */
function setEffects(target: string, { value, forMs }: Extract<Step, { do: 'set' }>): readonly Effect[] {
  const first = { target, ...constantOf(value) };
  if (forMs === undefined) return [first];
  return [first, { target, ...(typeof first.value === 'boolean' ? { value: false } : {}), later: true }];
}

function constantOf(source: Source): { value?: Value } {
  return source.from === 'const' ? { value: source.value } : {};
}

function sourcesOf(trigger: Trigger): readonly string[] {
  if (trigger.on === 'test') return readsOf(trigger.test);
  return trigger.on === 'message' ? [`topic:${trigger.filter}`] : readsOf(trigger);
}

function isHeld(rule: Rule, steps: readonly Step[]): boolean {
  const waits = everyStep(steps).some((step) => step.do === 'wait' || step.do === 'waitFor' || 'forMs' in step);
  return (
    waits ||
    rule.if !== undefined ||
    rule.cooldownMs > 0 ||
    rule.when.some((when) => when.on === 'test' && hasFor(when.test))
  );
}

function hasFor(test: Test): boolean {
  if (test.op === 'for') return true;
  if (test.op === 'not') return hasFor(test.test);
  return test.op === 'and' || test.op === 'or' ? test.tests.some(hasFor) : false;
}
