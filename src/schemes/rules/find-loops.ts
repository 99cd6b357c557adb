import type { PathProblem } from '../path-problem.ts';
import { circlesOf, type Edge } from './circles.ts';
import { guessTest, type Known } from './guess-test.ts';
import { type HomePoints, shortName } from './home-points.ts';
import { type Effect, type LoopPart, loopParts } from './loop-parts.ts';
import type { Rule, Scene, Trigger } from './rule.ts';

/** `sure`: nothing but this effect is needed to start the part. */
type Start = 'maybe' | 'no' | 'sure';

interface Link extends Edge {
  readonly start: Start;
}

/**
 * Circles of rules that can feed themselves: each does what starts the next, and something in the circle undoes what
 * started each. A rule that only makes its own condition false is none.
 */
export function findLoops(rules: readonly Rule[], scenes: readonly Scene[], home: HomePoints): readonly PathProblem[] {
  const parts = loopParts(rules, scenes);
  let alive = new Set(parts.keys());
  for (;;) {
    const links = linksAmong(parts, alive);
    const circles = circlesOf(parts.length, links);
    const fed = circles.map((circle) => circle.filter((index) => isReset(index, circle, parts)));
    const left = new Set(fed.flat());
    if (left.size === alive.size)
      return circles.map((circle) =>
        problemOf(
          circle.flatMap((index) => parts[index] ?? []),
          linksInside(circle, links),
          home,
        ),
      );
    if (left.size === 0) return [];
    alive = left;
  }
}

function linksAmong(parts: readonly LoopPart[], alive: ReadonlySet<number>): ReadonlyMap<number, readonly Link[]> {
  const bySource = partsBySource(parts, alive);
  // Many rules set the same thing: what that starts is worked out once.
  const started = new Map<string, readonly Link[]>();
  const linksOf = (effect: Effect): readonly Link[] => {
    const key = JSON.stringify([effect.target, effect.value]);
    const known = started.get(key);
    if (known !== undefined) return known;
    const wild = effect.target.startsWith(TOPIC) ? (bySource.get(WILD) ?? []) : [];
    const listeners = new Set([...(bySource.get(effect.target) ?? []), ...wild]);
    const all = [...listeners].map((to) => ({ to, start: startOf(effect, parts[to]) }));
    const links = all.filter(({ start }) => start !== 'no');
    started.set(key, links);
    return links;
  };
  const linksFrom = ([first, ...more]: readonly Effect[] = []): readonly Link[] => {
    const links = first === undefined ? [] : linksOf(first);
    return more.length === 0 ? links : [...links, ...more.flatMap(linksOf)];
  };
  return new Map([...alive].map((index) => [index, linksFrom(parts[index]?.effects)] as const));
}

const TOPIC = 'topic:';
/** All parts with a filter that has wildcards: those are compared one by one. */
const WILD = 'topic:+';

function partsBySource(parts: readonly LoopPart[], alive: ReadonlySet<number>): ReadonlyMap<string, readonly number[]> {
  const bySource = new Map<string, number[]>();
  for (const index of alive) {
    const sources = [...(parts[index]?.sources ?? [])].map((own) => (isWild(own) ? WILD : own));
    for (const source of new Set(sources)) {
      const list = bySource.get(source);
      if (list === undefined) bySource.set(source, [index]);
      else list.push(index);
    }
  }
  return bySource;
}

function isWild(source: string): boolean {
  return source.startsWith(TOPIC) && /[+#]/.test(source);
}

function startOf(effect: Effect, part: LoopPart | undefined): Start {
  const starts = part?.rule.when.map((trigger) => triggered(effect, trigger, part.half)) ?? [];
  if (starts.includes('sure')) return 'sure';
  return starts.includes('maybe') ? 'maybe' : 'no';
}

function triggered(effect: Effect, trigger: Trigger, half: LoopPart['half']): Start {
  const { target, value } = effect;
  if (trigger.on === 'test') return becoming(guessTest(trigger.test, knownOf(effect)), half);
  if (trigger.on === 'message') return matches(trigger.filter, target) ? 'sure' : 'no';
  if (!('point' in trigger) || trigger.point !== target) return 'no';
  if (trigger.on === 'changed' || trigger.on === 'event') return value === undefined ? 'maybe' : 'sure';
  if (typeof value !== 'boolean') return 'maybe';
  return value === (trigger.on === 'rising') ? 'sure' : 'no';
}

function becoming(guess: boolean | undefined, half: LoopPart['half']): Start {
  if (guess === undefined) return 'maybe';
  return guess === (half === 'then') ? 'sure' : 'no';
}

function knownOf({ target, value }: Effect): Known {
  return value === undefined ? new Map() : new Map([[target, value]]);
}

/** An MQTT filter and the topic of an effect. */
function matches(filter: string, target: string): boolean {
  const [levels, topic] = [filter.split('/'), target.slice(TOPIC.length).split('/')];
  const open = levels.at(-1) === '#';
  if (open ? topic.length < levels.length - 1 : topic.length !== levels.length) return false;
  return levels.every((level, index) => level === '#' || level === '+' || level === topic[index]);
}

/** What starts this part must be undone in the circle, or it starts only once. */
function isReset(index: number, circle: readonly number[], parts: readonly LoopPart[]): boolean {
  const part = parts[index];
  if (part === undefined) return false;
  // When its own timed set is over, it needs somebody else to start it again.
  const effects = circle.flatMap((other) =>
    (parts[other]?.effects ?? []).filter(({ later }) => other !== index || later !== true),
  );
  return part.rule.when.some((trigger) => {
    if (trigger.on === 'message' || trigger.on === 'event') return true;
    if (trigger.on === 'test') {
      const touching = effects.filter(({ target }) => part.sources.has(target));
      return touching.some((effect) => guessTest(trigger.test, knownOf(effect)) !== (part.half === 'then'));
    }
    if (!('point' in trigger)) return false;
    const values = effects.filter(({ target }) => target === trigger.point).map(({ value }) => value);
    return values.includes(undefined) || new Set(values).size > 1;
  });
}

function linksInside(circle: readonly number[], links: ReadonlyMap<number, readonly Link[]>): readonly Link[] {
  const inside = new Set(circle);
  return circle.flatMap((index) => (links.get(index) ?? []).filter(({ to }) => inside.has(to)));
}

function problemOf(circle: readonly LoopPart[], links: readonly Link[], home: HomePoints): PathProblem {
  const sources = new Set(circle.flatMap((part) => [...part.sources]));
  const effects = circle.flatMap((part) => part.effects);
  const isTopic = (target: string) => target.startsWith(TOPIC);
  const isKnown = ({ target, value }: Effect) => value !== undefined || !sources.has(target) || isTopic(target);
  const isSure =
    links.every(({ start }) => start === 'sure') && effects.every(isKnown) && !circle.some(({ isHeld }) => isHeld);
  const names = [...new Set(circle.map(({ rule }) => rule.name))].toSorted();
  const through = effects.map(({ target }) => target).filter((target) => sources.has(target) || isTopic(target));
  const by = [...new Set(through)].map((target) => shortName(home, target)).join(', ');
  const last = names.at(-1) ?? '';
  const [one, many] = isSure ? ['feeds', 'feed'] : ['may feed', 'may feed'];
  const who =
    names.length === 1
      ? `Rule ${last} ${one} itself`
      : `Rules ${names.slice(0, -1).join(', ')} and ${last} ${many} each other`;
  return {
    path: ['rules', last],
    onKey: true,
    code: isSure ? 'HB320' : 'HB321',
    ...(isSure ? {} : { severity: 'warning' as const }),
    message: `${who}, by ${by}`,
    suggestion: isSure
      ? 'end the circle with a cooldown, a for or an if'
      : 'if it is not meant, give one of them a cooldown',
    fix: 'cooldown: 10s',
  };
}
