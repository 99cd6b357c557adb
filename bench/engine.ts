// Rules inside one process, without bus and sockets: what the engine does in a second when one rule of many is meant, and
// the memory of each rule.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { makeEngine } from '../src/rules/engine.ts';
import type { Engine, Moment } from '../src/rules/engine-world.ts';
import type { Rule, RuleBook } from '../src/schemes/rules/rule.ts';
import { print } from './print.ts';

const COUNTS = [10, 1_000, 10_000];
const SECONDS = 1;

const pointOf = (index: number): string => `node.device_${index}.temperature`;
const moment = (mono: number): Moment => ({ mono, wall: 1_790_000_000_000 + mono, isTrusted: true });

function makeRule(index: number): Rule {
  const point = pointOf(index);
  const target = `node.fan_${index}.state`;
  return {
    name: `rule_${index}`,
    when: [
      {
        on: 'test',
        test: { op: '>', left: { op: 'point', point }, right: { op: 'const', value: 28 } },
        text: `device_${index}.temperature > 28°C`,
      },
    ],
    then: [{ do: 'set', targets: [target], value: { from: 'const', value: true }, text: `fan_${index} on` }],
    else: [],
    cooldownMs: 0,
    mode: 'ignore',
    catchupMs: 0,
    reads: [point],
    writes: [target],
    fingerprint: `${index}`.padStart(16, '0'),
  };
}

/** One rule on messages beside the others: it takes a message and publishes another. */
const ECHO: Rule = {
  name: 'echo',
  when: [{ on: 'message', filter: 'in/topic', text: 'in/topic' }],
  then: [
    {
      do: 'publish',
      topic: ['out/topic'],
      payload: { form: 'value', value: { from: 'term', term: { op: 'message', path: [] } } },
      retain: false,
      qos: 0,
      text: 'publish out/topic',
    },
  ],
  else: [],
  cooldownMs: 0,
  mode: 'ignore',
  catchupMs: 0,
  reads: [],
  writes: [],
  fingerprint: 'echo',
};

const bookOf = (rules: readonly Rule[]): RuleBook => ({
  rules,
  scenes: [],
  groups: [],
  variables: [],
  tests: [],
  waiting: [],
});

interface Subject {
  readonly engine: Engine;
  readonly acted: () => number;
  /** Tells what became of the last command; nothing when there was none. */
  readonly settle: (at: Moment) => void;
}

function make(rules: readonly Rule[]): Subject {
  let acted = 0;
  let open: string | undefined;
  const engine = makeEngine({
    act(action) {
      acted += 1;
      if (action.kind === 'command') open = action.id;
    },
    onChange: () => undefined,
    onNotice({ message }) {
      throw new Error(message);
    },
    timeZone: 'Europe/Amsterdam',
    node: 'node',
  });
  engine.load(bookOf(rules), moment(0));
  return {
    engine,
    acted: () => acted,
    settle(at) {
      if (open === undefined) return;
      const id = open;
      open = undefined;
      engine.outcome({ id, state: 'done' }, at);
    },
  };
}

interface Speed {
  readonly perSecond: number;
  readonly acts: number;
}

/** How often `work` is done in a second, and how often a rule acted for each time. Its `index` goes on from `from`. */
function measure({ acted }: Subject, from: number, work: (index: number) => void): Speed {
  let next = from;
  for (let index = 0; index < 100_000; index += 1) work(next++);
  const [start, before] = [performance.now(), acted()];
  let count = 0;
  while (performance.now() - start < SECONDS * 1000) {
    for (let index = 0; index < 1_000; index += 1) work(next++);
    count += 1_000;
  }
  const acts = (acted() - before) / count;
  return { perSecond: Math.round(count / ((performance.now() - start) / 1000)), acts };
}

/** So far apart that nothing flaps; and no act is younger than the last one's outcome. */
const STEP_MS = 1_000;
const POINT = pointOf(3);

/** `hot`: every second reading is over the limit of the rule, which commands a fan and is told that it runs. */
function readings(subject: Subject, from: number, isHot: boolean): Speed {
  const { engine, settle } = subject;
  return measure(subject, from, (index) => {
    const value = isHot ? 27 + (index % 2) * 2 : 20 + (index % 8);
    const at = moment(index * STEP_MS);
    engine.tell({ kind: 'reading', point: POINT, value, quality: 'good', epoch: 1, sequence: index }, at);
    if (isHot) settle(at);
  });
}

function messages(subject: Subject, from: number): Speed {
  return measure(subject, from, (index) => {
    subject.engine.tell({ kind: 'message', topic: 'in/topic', payload: '{"v":21.5}' }, moment(index * STEP_MS));
  });
}

/** Every rule has acted more often than it has traces. */
function workAll({ engine, settle }: Subject, count: number, from: number): number {
  let next = from;
  for (let round = 0; round < 60; round += 1) {
    const value = 27 + (round % 2) * 2;
    for (let index = 0; index < count; index += 1) {
      const at = moment(next++ * STEP_MS);
      const point = pointOf(index);
      engine.tell({ kind: 'reading', point, value, quality: 'good', epoch: 1, sequence: next }, at);
      settle(at);
    }
  }
  return next;
}

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');

function heapBytes(): number {
  if (typeof collect === 'function') for (let times = 0; times < 3; times += 1) collect();
  return process.memoryUsage().heapUsed;
}

function isNear(found: number, expected: number, what: string): void {
  if (Math.abs(found - expected) > 0.01) throw new Error(`${what}: ${found} acts each, not ${expected}`);
}

/** Everything it made can be collected when it is over. */
function measureRules(count: number): Record<string, number> {
  const rules = Array.from({ length: count }, (_, index) => makeRule(index));
  const before = heapBytes();
  const subject = make([...rules, ECHO]);
  const words = `${count.toLocaleString('en')} rules`;
  const atRest = Math.round((heapBytes() - before) / count);
  const dull = readings(subject, 1, false);
  isNear(dull.acts, 0, 'dull readings');
  const hot = readings(subject, 1e8, true);
  isNear(hot.acts, 0.5, 'readings over the limit');
  const echo = messages(subject, 2e8);
  isNear(echo.acts, 1, 'messages');
  workAll(subject, count, 3e8);
  const full = Math.round((heapBytes() - before) / count);
  return {
    [`readings/s, ${words}, one looks and nothing happens`]: dull.perSecond,
    [`readings/s, ${words}, one acts at every second`]: hot.perSecond,
    [`messages in and out/s, ${words}, one matches`]: echo.perSecond,
    // A few rules are less than the engine around them.
    ...(count <= 10
      ? {}
      : { [`memory per rule at rest, ${words}, B`]: atRest, [`memory per rule with its traces, ${words}, B`]: full }),
  };
}

const figures: Record<string, number> = {};
for (const count of COUNTS) Object.assign(figures, measureRules(count));
print(figures);
