// Rules inside one process: readings and messages per second when one rule of many matches, and memory for each rule.
import { makeEngine } from '../../src/rules/engine.ts';
import type { Engine, Moment } from '../../src/rules/engine-world.ts';
import type { Rule, RuleBook } from '../../src/schemes/rules/rule.ts';
import { print } from '../print.ts';

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

function make(rules: readonly Rule[]): { engine: Engine; acted: () => number } {
  let acted = 0;
  const engine = makeEngine({
    act() {
      acted += 1;
    },
    onChange: () => undefined,
    onNotice: () => undefined,
    timeZone: 'Europe/Amsterdam',
    node: 'node',
  });
  engine.load(bookOf(rules), moment(0));
  return { engine, acted: () => acted };
}

/** How often `work` is done in a second. */
function perSecond(work: (index: number) => void): number {
  for (let index = 0; index < 100_000; index += 1) work(index);
  const start = performance.now();
  let count = 0;
  while (performance.now() - start < SECONDS * 1000) {
    for (let index = 0; index < 1_000; index += 1) work(count + index);
    count += 1_000;
  }
  return Math.round(count / ((performance.now() - start) / 1000));
}

function readings(engine: Engine): number {
  const point = pointOf(3);
  return perSecond((index) => {
    const value = 20 + (index % 8);
    engine.tell({ kind: 'reading', point, value, quality: 'good', epoch: 1, sequence: index }, moment(index / 1_000));
  });
}

function messages(engine: Engine): number {
  return perSecond((index) => {
    engine.tell({ kind: 'message', topic: 'in/topic', payload: '{"v":21.5}' }, moment(1e6 + index / 1_000));
  });
}

function heapBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

const figures: Record<string, number> = {};
for (const count of COUNTS) {
  const rules = Array.from({ length: count }, (_, index) => makeRule(index));
  const before = heapBytes();
  const { engine, acted } = make([...rules, ECHO]);
  const bytes = (heapBytes() - before) / count;
  const words = `${count.toLocaleString('en')} rules`;
  figures[`readings/s, ${words}, one mentions it`] = readings(engine);
  figures[`messages in and out/s, ${words}, one matches`] = messages(engine);
  if (acted() === 0) throw new Error('no rule acted');
  if (globalThis.gc !== undefined && count > 10) figures[`memory per rule, ${words}, B`] = Math.round(bytes);
}
print(figures);
