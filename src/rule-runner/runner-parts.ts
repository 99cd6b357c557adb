import type { Action, EngineWorld, News, Notice } from '../rules/engine-world.ts';
import type { PathProblem } from '../schemes/path-problem.ts';
import type { RuleBook } from '../schemes/rules/rule.ts';
import { NO_RULES, type RulesText } from '../schemes/rules/rules-text.ts';
import { ActionDesk } from './action-desk.ts';
import { counterOf, type EventCount, eventCounts, pointsOf, withCounters } from './book-facts.ts';
import { EngineHost } from './engine-host.ts';
import { HomeMap } from './home-map.ts';
import { HomeVariables } from './home-variables.ts';
import { LastCommands } from './last-commands.ts';
import { PointEars } from './point-ears.ts';
import { devicesOf } from './point-names.ts';
import type { RuleRunnerCounts, RuleRunnerOptions } from './runner-options.ts';
import { type Remembered, RunnerStore } from './runner-store.ts';
import { serveVariables } from './variable-doors.ts';
import { Warmth } from './warmth.ts';

const NO_BOOK: RuleBook = { rules: [], scenes: [], groups: [], variables: [], tests: [], waiting: [] };

/** All parts of the rule runner and how they work together. */
export class RunnerParts {
  readonly options: RuleRunnerOptions;
  readonly map: HomeMap;
  readonly variables: HomeVariables;
  readonly last: LastCommands;
  readonly #store: RunnerStore;
  readonly #desk: ActionDesk;
  readonly #ears: PointEars;
  readonly #warmth: Warmth;
  readonly #endVariables: () => void;
  #host: EngineHost;
  #text: RulesText = NO_RULES;
  #book: RuleBook = NO_BOOK;
  #counts: ReadonlyMap<string, readonly EventCount[]> = new Map();
  #problems: readonly PathProblem[] = [];
  /** The devices were read once. */
  #isReady = false;
  /** A scheme was applied. */
  #isLoaded = false;
  #isStarted = false;

  constructor(options: RuleRunnerOptions) {
    const { bus, node, clock, log, state } = options;
    this.options = options;
    const remembered = RunnerStore.read(state);
    this.#store = new RunnerStore(state, clock, () => this.#remember());
    this.#host = this.#makeHost(NO_RULES, remembered.engine);
    const tell = (news: News) => this.#tell(news);
    this.map = new HomeMap(
      {
        ...{ bus, node, clock, onPoints: () => this.#reread() },
        onPresence: (subject, isHere) => tell({ kind: 'presence', subject, isHere }),
      },
      remembered.devices,
    );
    const specOf = (point: string) => this.map.spec(point);
    this.variables = new HomeVariables({ ...options, onChange: () => this.#store.changed() }, remembered.variables);
    this.#desk = new ActionDesk({
      ...{ bus, node, clock, variables: this.variables, specOf },
      tell: (outcome) => this.#host.outcome(outcome),
    });
    this.#ears = new PointEars({ bus, node, tell, specOf });
    this.#warmth = new Warmth(options);
    this.last = new LastCommands(bus, node, clock);
    this.#endVariables = serveVariables({ bus, log, variables: this.variables });
    this.map.listen();
  }

  get host(): EngineHost {
    return this.#host;
  }

  get book(): RuleBook {
    return this.#book;
  }

  get text(): RulesText {
    return this.#text;
  }

  get problems(): readonly PathProblem[] {
    return this.#problems;
  }

  apply(text: RulesText): void {
    const isElsewhere = JSON.stringify(text.location) !== JSON.stringify(this.#text.location);
    this.#text = text;
    if (isElsewhere) this.#move();
    this.#load();
    this.#isLoaded = true;
    this.#start();
  }

  /** The devices were read once. */
  begin(): void {
    this.#isReady = true;
    this.#start();
  }

  counts(): RuleRunnerCounts {
    const { rules, waiting } = this.#book;
    return {
      rules: rules.length,
      waiting: waiting.length,
      variables: this.variables.size,
      listening: this.#ears.size,
      pending: this.#desk.pending,
      acted: this.#desk.acted,
    };
  }

  async stop(): Promise<void> {
    this.#host.stop();
    this.map.stop();
    this.#ears.stop();
    this.#desk.stop();
    this.variables.stop();
    this.last.stop();
    this.#endVariables();
    await this.#store.flush();
  }

  #tell(news: News): void {
    if (news.kind === 'event' && this.#counts.size > 0) {
      for (const { variable, value } of this.#counts.get(news.point) ?? []) {
        if (value === undefined || value === news.value) this.variables.count(variable);
      }
    }
    this.#host.tell(news);
  }

  #makeHost(text: RulesText, stored: unknown): EngineHost {
    const { node, timeZone, clock, isTimeTrusted, makeEngine } = this.options;
    const world: EngineWorld = {
      act: (action: Action) => this.#desk.act(action),
      onChange: () => this.#store.changed(),
      onNotice: (notice) => this.#notice(notice),
      ...{ timeZone, node },
      ...(text.location === undefined ? {} : { location: text.location }),
    };
    const host = new EngineHost({ engine: makeEngine(world), clock, isTimeTrusted });
    host.enter((engine, moment) => engine.restore(stored, moment));
    return host;
  }

  /** Another place has another sun: the rules go over to a new engine with all that they remember. */
  #move(): void {
    const stored = this.#host.engine.snapshot(this.#host.moment());
    this.#host.stop();
    this.#ears.stop();
    this.#host = this.#makeHost(this.#text, stored);
  }

  #reread(): void {
    if (this.#isLoaded) this.#load();
  }

  #load(): void {
    const { readRules, log } = this.options;
    const { book, problems } = readRules(this.#text, this.map.home());
    const waited = this.#book.waiting.length;
    this.#book = book;
    this.#problems = problems;
    this.#counts = eventCounts(book);
    this.variables.apply(book.variables);
    const running = withCounters(book);
    this.#host.enter((engine, moment) => engine.load(running, moment));
    void this.#warmth.warm(this.#host);
    this.#ears.listen(pointsOf(running), new Set(this.#host.engine.filters));
    this.#desk.keepOnly(new Set(running.rules.flatMap(({ writes }) => writes)));
    if (book.waiting.length !== waited) {
      log.info('rules were loaded', { rules: book.rules.length, waiting: book.waiting.map(({ rule }) => rule) });
    }
    this.#store.changed();
  }

  #start(): void {
    if (!this.#isReady || !this.#isLoaded || this.#isStarted) return;
    this.#isStarted = true;
    this.#host.tell({ kind: 'start' });
  }

  #notice({ rule, code, message, fix }: Notice): void {
    if (counterOf(rule) !== undefined) {
      // Counting is no flapping.
      this.options.clock.after(0, () => void this.#host.enter((engine, moment) => engine.enable(rule, true, moment)));
      return;
    }
    this.options.log.warn('a rule needs a look', {
      code,
      rule,
      reason: message,
      ...(fix === undefined ? {} : { fix }),
    });
  }

  #remember(): Remembered {
    const devices = new Map(
      devicesOf(this.#book.rules.flatMap(({ reads, writes }) => [...reads, ...writes])).flatMap((device) => {
        const points = this.map.pointsOf(device);
        return points === undefined ? [] : [[device, points] as const];
      }),
    );
    return { engine: this.#host.engine.snapshot(this.#host.moment()), variables: this.variables.stored(), devices };
  }
}
