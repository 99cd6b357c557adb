import { Bus } from '../../src/bus/bus.ts';
import { textOf } from '../../src/bus/message.ts';
import { request } from '../../src/bus/request.ts';
import { type RuleRunner, startRuleRunner } from '../../src/rule-runner/rule-runner.ts';
import type { RuleRunnerOptions } from '../../src/rule-runner/runner-options.ts';
import type { PointSpec } from '../../src/schemes/point.ts';
import type { Value } from '../../src/schemes/reading.ts';
import { NO_RULES, type RulesText } from '../../src/schemes/rules/rules-text.ts';
import type { Document } from '../../src/state/document.ts';
import { type FakeClock, makeFakeClock } from '../fakes/clock.ts';
import { makeFakeLog } from '../fakes/log.ts';

/** A document in memory; what is stored goes through JSON, as on a disk. */
export function makeDocument(stored?: unknown): Document<unknown> & { readonly times: () => number } {
  let value: unknown = stored === undefined ? undefined : JSON.parse(JSON.stringify(stored));
  let times = 0;
  return {
    get value() {
      return value;
    },
    writable: true,
    get written() {
      return { times, bytes: times * 1_000 };
    },
    set(next) {
      value = JSON.parse(JSON.stringify(next));
    },
    async flush() {
      times += 1;
    },
    async close() {
      times += 1;
    },
    times: () => times,
  };
}

export interface Bench {
  readonly bus: Bus;
  readonly clock: FakeClock;
  readonly state: ReturnType<typeof makeDocument>;
  readonly runner: RuleRunner;
  /** Commands as `topic value`. */
  readonly commands: string[];
  readonly lines: ReturnType<typeof makeFakeLog>['lines'];
  readonly device: (name: string, points: Readonly<Record<string, PointSpec>>) => void;
  readonly read: (point: string, value: Value) => void;
  readonly apply: (text: Partial<RulesText>, conditions?: readonly string[]) => void;
  /** The same; resolves when the rules run. */
  readonly swap: (text: Partial<RulesText>) => Promise<void>;
  readonly ask: (verb: string, args?: Readonly<Record<string, unknown>>) => Promise<unknown>;
}

interface BenchOptions extends Partial<RuleRunnerOptions> {
  readonly startMs?: number;
  /** What becomes of each command; undefined: nobody answers. Default `done`. */
  readonly outcome?: string | undefined;
}

/** A rule runner of node `kitchen` with a bus, a clock of its own, and somebody who carries out every command. */
export function makeBench(options: BenchOptions = {}): Bench {
  const { startMs, state = makeDocument(), ...more } = options;
  const outcome = 'outcome' in options ? options.outcome : 'done';
  const bus = new Bus((error) => {
    throw error;
  });
  const clock = makeFakeClock(startMs);
  const { log, lines } = makeFakeLog();
  const commands: string[] = [];
  let sequence = 0;
  bus.subscribe(
    'hanbus/+/+/+/$cmd',
    (message) => {
      const { id, v }: { id?: string; v?: unknown } = JSON.parse(textOf(message));
      const topic = message.topic.replace('/$cmd', '');
      commands.push(`${topic.slice('hanbus/'.length)} ${JSON.stringify(v)}`);
      if (outcome === undefined) return;
      bus.publish({ topic: `${topic}/$ack`, payload: JSON.stringify({ id, st: outcome }), origin: 'mediator' });
    },
    { origin: 'mediator' },
  );
  const runner = startRuleRunner({
    ...{ bus, node: 'kitchen', epoch: 1, clock, log, timeZone: 'Europe/Amsterdam', isTimeTrusted: () => true },
    ...more,
    state,
  });
  const document = 'times' in state ? (state as ReturnType<typeof makeDocument>) : makeDocument();
  return {
    ...{ bus, clock, state: document, runner, commands, lines },
    device(name, points) {
      bus.publish({
        topic: `hanbus/kitchen/${name}/$meta`,
        payload: JSON.stringify({ points }),
        retain: true,
        origin: 'p',
      });
      bus.publish({ topic: `hanbus/kitchen/${name}/$state`, payload: 'ready', retain: true, origin: 'p' });
    },
    read(point, value) {
      sequence += 1;
      const reading = { value, quality: 'good' as const, epoch: 1, sequence };
      const topic = `hanbus/kitchen/${point.replace('.', '/')}`;
      bus.put({ topic, payload: { reading, form: 'plain' }, retain: true, qos: 0, origin: 'publisher' });
    },
    apply: (text, conditions) => void runner.apply({ ...NO_RULES, ...text }, conditions),
    swap: (text) => runner.apply({ ...NO_RULES, ...text }),
    ask: (verb, args = {}) => request(bus, { node: 'kitchen', verb, args }, { clock, origin: 'test' }),
  };
}

export const AIR = {
  temperature: { type: 'number', unit: '°C' },
  humidity: { type: 'number', unit: '%' },
} as const;
export const FAN = { state: { type: 'boolean', settable: true } } as const;
export const BUTTON = { pressed: { type: 'event', retain: false } } as const;
