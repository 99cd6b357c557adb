import { setImmediate } from 'node:timers/promises';
import { makeEngine } from '../rules/engine.ts';
import type { Action, Engine, EngineWorld, Moment, News, Outcome } from '../rules/engine-world.ts';
import type { PointSpec } from '../schemes/point.ts';
import type { Rule, RuleBook } from '../schemes/rules/rule.ts';
import type { Step } from '../schemes/rules/step.ts';
import type { HistoryReading } from '../state/history/history.ts';
import { actionText } from './action-text.ts';

export interface ReplayOptions {
  /** The rule alone, with the scenes and groups that it uses. */
  readonly book: RuleBook;
  readonly rule: Rule;
  /** ms since 1970. */
  readonly from: number;
  readonly to: number;
  /** In the order of time. */
  readonly readings: AsyncIterable<HistoryReading>;
  readonly specOf: (point: string) => PointSpec | undefined;
  readonly world: Pick<EngineWorld, 'location' | 'node' | 'timeZone'>;
  /** Monotonic ms of this machine, to give others their turn. */
  readonly mono: () => number;
}

export interface ReplayRun {
  readonly at: number;
  /** Until `when` was over. */
  ms?: number;
  readonly did: string[];
}

export interface Replayed {
  readonly runs: readonly ReplayRun[];
  readonly more: number;
  readonly readings: number;
  /** Points with a reading at least. */
  readonly seen: ReadonlySet<string>;
}

const MOST_RUNS = 200;
const MOST_ACTIONS = 20;
const MOST_READINGS = 500_000;
/** Wake-ups of the engine: every second for a week is more than enough. */
const MOST_TICKS = 700_000;
/** Longest piece of work before others get a turn, ms. */
const TURN_MS = 4;

/** Names that no variable of a person can have: they tell the beginning and the end of a run. */
const BEGINS = 'home.$begins';
const ENDS = 'home.$ends';

/** What a rule would have done over the stored history, in virtual time; nothing is touched. */
export async function replay(options: ReplayOptions): Promise<Replayed> {
  const { book, rule, from, to, readings, mono } = options;
  const stage = new Stage(options);
  stage.enter(from, (engine, moment) => engine.load({ ...book, rules: [marked(rule)], waiting: [] }, moment));
  let since = mono();
  for await (const reading of readings) {
    if (stage.readings >= MOST_READINGS) break;
    stage.play(reading);
    if (mono() - since < TURN_MS) continue;
    await setImmediate();
    since = mono();
  }
  stage.goTo(to);
  return { runs: stage.runs, more: stage.more, readings: stage.readings, seen: stage.seen };
}

/** The rule with a mark before its `then` and its `else`. */
function marked(rule: Rule): Rule {
  return {
    ...rule,
    // Such a name is not paused for acting often: the marks are acts too.
    name: `$replay.${rule.name}`,
    then: [mark(BEGINS), ...rule.then],
    else: [mark(ENDS), ...rule.else],
    fingerprint: `${rule.fingerprint} replayed`,
  };
}

function mark(variable: string): Step {
  return { do: 'variable', variable, value: { from: 'const', value: true }, text: 'mark' };
}

/** An engine in a time of its own. */
class Stage {
  readonly runs: ReplayRun[] = [];
  readonly seen = new Set<string>();
  more = 0;
  readings = 0;
  readonly #options: ReplayOptions;
  readonly #engine: Engine;
  readonly #outcomes: Outcome[] = [];
  #at: number;
  #ticks = 0;

  constructor(options: ReplayOptions) {
    this.#options = options;
    this.#at = options.from;
    this.#engine = makeEngine({
      ...options.world,
      act: (action) => this.#act(action),
      onChange: () => undefined,
      onNotice: () => undefined,
    });
  }

  play({ point, time, value, quality }: HistoryReading): void {
    this.readings += 1;
    this.seen.add(point);
    this.goTo(Math.max(time, this.#options.from));
    const isEvent = this.#options.specOf(point)?.type === 'event';
    const number = { epoch: 1, sequence: this.readings };
    if (value === undefined) {
      if (!isEvent) this.#tell({ kind: 'reading', point, value: '', quality: 'bad', ...number });
    } else if (!isEvent) this.#tell({ kind: 'reading', point, value, quality, ...number });
    // The last event before the time asked for is long over.
    else if (time >= this.#options.from) this.#tell({ kind: 'event', point, value, ...number });
  }

  /** Everything that is due until then. */
  goTo(time: number): void {
    for (;;) {
      const next = this.#engine.nextAt;
      if (next === undefined || next > this.#momentAt(time).mono || this.#ticks >= MOST_TICKS) break;
      this.#ticks += 1;
      this.enter(this.#options.from + next, (engine, moment) => engine.tick(moment));
    }
    this.#at = Math.max(this.#at, time);
  }

  enter(time: number, task: (engine: Engine, moment: Moment) => void): void {
    this.#at = Math.max(this.#at, time);
    const moment = this.#momentAt(this.#at);
    task(this.#engine, moment);
    for (let next = this.#outcomes.shift(); next !== undefined; next = this.#outcomes.shift()) {
      this.#engine.outcome(next, moment);
    }
  }

  #tell(news: News): void {
    this.enter(this.#at, (engine, moment) => engine.tell(news, moment));
  }

  #momentAt(time: number): Moment {
    return { mono: time - this.#options.from, wall: time, isTrusted: true };
  }

  /** Everything succeeds at once. */
  #act(action: Action): void {
    this.#outcomes.push({ id: action.id, state: 'done' });
    const run = this.runs.at(-1);
    if (action.kind === 'variable' && action.variable === BEGINS) this.#begin();
    else if (action.kind === 'variable' && action.variable === ENDS) {
      if (run !== undefined) run.ms ??= this.#at - run.at;
    } else if (run !== undefined && run.did.length < MOST_ACTIONS) run.did.push(actionText(action));
  }

  #begin(): void {
    if (this.runs.length < MOST_RUNS) this.runs.push({ at: this.#at, did: [] });
    else this.more += 1;
  }
}
