import { makeEngine } from '../../src/rules/engine.ts';
import type { Action, Engine, Moment, Notice } from '../../src/rules/engine-world.ts';
import type { CommandState } from '../../src/schemes/command.ts';
import { plainText, type Quality, type Value } from '../../src/schemes/reading.ts';
import type { Rule, RuleBook, Trigger } from '../../src/schemes/rules/rule.ts';
import type { Step } from '../../src/schemes/rules/step.ts';
import type { Term, Test } from '../../src/schemes/rules/test.ts';

export const point = (name: string): Term => ({ op: 'point', point: name });
export const value = (constant: Value): Term => ({ op: 'const', value: constant });
export const above = (name: string, bound: number): Test => ({ op: '>', left: point(name), right: value(bound) });
export const on = (test: Test, text = 'test'): Trigger & { text: string } => ({ on: 'test', test, text });
export const set = (target: string, to: Value, more: object = {}): Step => ({
  do: 'set',
  targets: [target],
  value: { from: 'const', value: to },
  text: `${target} ${plainText(to)}`,
  ...more,
});

/** Every `point` member inside, so that literals need not list them. */
function readsOf(data: unknown, into = new Set<string>()): ReadonlySet<string> {
  if (typeof data !== 'object' || data === null) return into;
  for (const [key, inner] of Object.entries(data)) {
    if (key === 'point' && typeof inner === 'string') into.add(inner);
    else readsOf(inner, into);
  }
  return into;
}

export function rule(name: string, parts: Partial<Rule>): Rule {
  const whole: Rule = {
    name,
    when: [],
    then: [],
    else: [],
    cooldownMs: 0,
    mode: 'ignore',
    catchupMs: 0,
    reads: [],
    writes: [],
    fingerprint: `${name}:${JSON.stringify(parts)}`,
    ...parts,
  };
  return { ...whole, reads: parts.reads ?? [...readsOf([whole.when, whole.if, whole.then, whole.else])].toSorted() };
}

export const book = (rules: readonly Rule[], more: Partial<RuleBook> = {}): RuleBook => ({
  rules,
  scenes: [],
  groups: [],
  variables: [],
  tests: [],
  waiting: [],
  ...more,
});

export interface TestWorld {
  engine: Engine;
  readonly actions: Action[];
  readonly notices: Notice[];
  readonly changes: number;
  readonly moment: Moment;
  /** Target and value of each command since it was last asked. */
  took(): readonly string[];
  /** Answers every command at once with this state; undefined: no answers. Default done. */
  answer: CommandState | undefined;
  load(...rules: Rule[]): void;
  /** A good reading. */
  say(name: string, value: Value, quality?: Quality): void;
  event(name: string, value: Value): void;
  message(topic: string, payload: string): void;
  /** Moves both clocks, doing what is due at its time. */
  pass(ms: number): void;
  /** Moves the wall clock alone. */
  jump(ms: number): void;
  trust(isTrusted: boolean): void;
  /** A new engine from the snapshot of the old one, `ms` later. */
  restart(ms: number, rules: readonly Rule[], isTrusted?: boolean): void;
}

interface WorldOptions {
  readonly timeZone?: string;
  readonly wall?: number;
  readonly location?: readonly [number, number];
  readonly isTrusted?: boolean;
}

/** A Monday, 12:00 in Amsterdam. */
export const NOON = Date.UTC(2026, 0, 12, 11);

function textOf(action: Action): string {
  if (action.kind === 'command') return `${action.target}=${plainText(action.value)}`;
  if (action.kind === 'variable') return `${action.variable}=${plainText(action.value)}`;
  if (action.kind === 'publish') return `${action.topic}<${action.payload}`;
  return `${action.service}(${JSON.stringify(action.args)})`;
}

export function makeWorld(options: WorldOptions = {}): TestWorld {
  const { timeZone = 'Europe/Amsterdam', wall = NOON, location } = options;
  const clock = { mono: 1_000, wall, isTrusted: options.isTrusted ?? true };
  const actions: Action[] = [];
  const notices: Notice[] = [];
  let [changes, sequence, taken, epoch] = [0, 0, 0, 1];
  const now = (): Moment => ({ ...clock });
  const make = (): Engine =>
    makeEngine({
      act(action) {
        actions.push(action);
        const { answer } = world;
        if (answer !== undefined && (action.kind === 'command' || action.kind === 'service')) {
          world.engine.outcome({ id: action.id, state: answer }, now());
        }
      },
      onChange() {
        changes += 1;
      },
      onNotice: (notice) => void notices.push(notice),
      unitOf: (name) => (name.endsWith('temperature') ? '°C' : undefined),
      timeZone,
      node: 'kitchen',
      epoch,
      ...(location === undefined ? {} : { location }),
    });
  const world: TestWorld = {
    engine: make(),
    actions,
    notices,
    answer: 'done',
    get changes() {
      return changes;
    },
    get moment() {
      return now();
    },
    took() {
      const fresh = actions.slice(taken).map(textOf);
      taken = actions.length;
      return fresh;
    },
    load: (...rules) => world.engine.load(book(rules), now()),
    say(name, to, quality = 'good') {
      sequence += 1;
      world.engine.tell({ kind: 'reading', point: name, value: to, quality, epoch, sequence }, now());
    },
    event(name, to) {
      sequence += 1;
      world.engine.tell({ kind: 'event', point: name, value: to, epoch, sequence }, now());
    },
    message: (topic, payload) => world.engine.tell({ kind: 'message', topic, payload }, now()),
    pass(ms) {
      const until = clock.mono + ms;
      for (let rounds = 0; rounds < 1_000_000; rounds += 1) {
        const next = world.engine.nextAt;
        if (next === undefined || next > until) break;
        const step = Math.max(next - clock.mono, 0);
        clock.mono += step;
        clock.wall += step;
        world.engine.tick(now());
      }
      clock.wall += until - clock.mono;
      clock.mono = until;
      world.engine.tick(now());
    },
    jump(ms) {
      clock.wall += ms;
    },
    trust(isTrusted) {
      clock.isTrusted = isTrusted;
    },
    restart(ms, rules, isTrusted = clock.isTrusted) {
      const stored: unknown = JSON.parse(JSON.stringify(world.engine.snapshot(now())));
      epoch += 1;
      clock.wall += ms;
      clock.mono = 500;
      clock.isTrusted = isTrusted;
      world.engine = make();
      world.engine.restore(stored, now());
      world.engine.load(book(rules), now());
    },
  };
  return world;
}
