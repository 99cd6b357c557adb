import type { News } from '../rules/engine-world.ts';
import type { PathProblem } from '../schemes/path-problem.ts';
import type { ReadRules } from '../schemes/rules/read-rules.ts';
import { EMPTY_BOOK, type RuleBook } from '../schemes/rules/rule.ts';
import { NO_RULES, type RulesText } from '../schemes/rules/rules-text.ts';
import { ActionDesk } from './action-desk.ts';
import { BookReader } from './book-reader.ts';
import { countingRules, EventCounters } from './counters.ts';
import type { EngineHost } from './engine-host.ts';
import { Gates } from './gates.ts';
import { HomeMap } from './home-map.ts';
import { HomeVariables } from './home-variables.ts';
import { LastCommands } from './last-commands.ts';
import { Listening } from './listening.ts';
import { makeHost } from './make-host.ts';
import type { RuleRunnerCounts, RuleRunnerOptions } from './runner-options.ts';
import { type Remembered, RunnerStore } from './runner-store.ts';
import { serveVariables } from './variable-doors.ts';

/** All parts of the rule runner and how they work together. */
export class RunnerParts {
  readonly options: RuleRunnerOptions;
  readonly map: HomeMap;
  readonly variables: HomeVariables;
  readonly last: LastCommands;
  readonly #store: RunnerStore;
  readonly #desk: ActionDesk;
  readonly #listening: Listening;
  readonly #counters: EventCounters;
  readonly #gates = new Gates();
  readonly #reader: BookReader;
  readonly #endVariables: () => void;
  #host: EngineHost;
  /** What the scheme says, and what was read of it last. */
  #text: RulesText = NO_RULES;
  #read: ReadRules = { book: EMPTY_BOOK, problems: [] };
  /** A scheme was applied; its rules run; the devices were read once; the rules were told of the start. */
  #isApplied = false;
  #isLoaded = false;
  #isReady = false;
  #isStarted = false;

  constructor(options: RuleRunnerOptions) {
    const { bus, node, clock, log, state } = options;
    this.options = options;
    this.#reader = new BookReader(options.rest);
    const remembered = RunnerStore.read(state);
    this.#store = new RunnerStore({ document: state, clock, log, gather: () => this.#remember() });
    const tell = (news: News) => this.#tell(news);
    this.map = new HomeMap(
      {
        ...{ bus, node, clock, onPoints: () => void this.#load() },
        onPresence: (subject, isHere) => tell({ kind: 'presence', subject, isHere }),
      },
      remembered.devices,
    );
    const specOf = (point: string) => this.map.spec(point);
    this.variables = new HomeVariables({ ...options, onChange: () => this.#changed() }, remembered.variables);
    this.#counters = new EventCounters(this.variables);
    this.#desk = new ActionDesk({
      ...{ bus, node, clock, variables: this.variables, specOf },
      tell: (outcome) => this.#host.outcome(outcome),
    });
    this.#host = this.#makeHost(remembered.engine);
    this.#listening = new Listening(options, { bus, node, tell, specOf }, this.#counters);
    this.last = new LastCommands(bus, node, clock);
    this.#endVariables = serveVariables({ bus, log, variables: this.variables });
    this.map.listen();
  }

  get host(): EngineHost {
    return this.#host;
  }

  get book(): RuleBook {
    return this.#read.book;
  }

  get text(): RulesText {
    return this.#text;
  }

  get problems(): readonly PathProblem[] {
    return this.#read.problems;
  }

  /** Resolves when they run; those of before go on until then. */
  async apply(text: RulesText, conditions: readonly string[]): Promise<void> {
    // The very same scheme, for another harvest: new points are heard of anyway.
    if (this.#isApplied && text === this.#text) return;
    this.#gates.keep(conditions);
    const isElsewhere = JSON.stringify(text.location) !== JSON.stringify(this.#text.location);
    this.#text = text;
    if (isElsewhere) this.#move();
    this.#isApplied = true;
    await this.#load();
  }

  /** Whether a condition holds now; undefined: unknown. */
  holds(condition: string): boolean | undefined {
    if (this.#gates.add(condition) && this.#isLoaded) this.#put();
    return this.#gates.holds(condition, this.#host.engine, this.#host.moment());
  }

  /** The devices were read once. */
  begin(): void {
    this.#isReady = true;
    this.#start();
  }

  counts(): RuleRunnerCounts {
    const { pending, acted } = this.#desk;
    const [rules, waiting] = [this.book.rules.length, this.book.waiting.length];
    return { rules, waiting, variables: this.variables.size, listening: this.#listening.size, pending, acted };
  }

  async stop(): Promise<void> {
    const parts = [this.#reader, this.#host, this.map, this.#listening, this.#desk, this.variables, this.last];
    for (const part of parts) part.stop();
    this.#endVariables();
    // Before the first scheme nothing of the life before has been taken up: it must stay on the disk.
    if (this.#isLoaded) await this.#store.stop();
  }

  #tell(news: News): void {
    if (news.kind === 'event') this.#counters.heard(news.point, news.value);
    this.#host.tell(news);
  }

  #makeHost(stored: unknown): EngineHost {
    const asks: Parameters<typeof makeHost>[2] = {
      act: (action) => this.#desk.act(action),
      onChange: () => this.#changed(),
      unitOf: (point) => this.map.spec(point)?.unit ?? this.variables.unitOf(point),
      isOnce: (point) => this.map.spec(point)?.once === true,
    };
    return makeHost(this.options, this.#text, asks, stored);
  }

  /** Another place has another sun: the rules go over to a new engine with all that they remember. */
  #move(): void {
    const stored = this.#host.engine.snapshot(this.#host.moment());
    this.#host.stop();
    this.#listening.stop();
    this.#host = this.#makeHost(stored);
  }

  /** Reads the rules against what is known of the home now. */
  async #load(): Promise<void> {
    if (!this.#isApplied) return;
    await this.#reader.read({ text: this.#text, home: this.map.home(), take: (read) => this.#take(read) });
  }

  #take(read: ReadRules): void {
    const { book } = read;
    const isSame = book.waiting.length === this.book.waiting.length;
    this.#read = read;
    this.options.onBook?.(book);
    this.#counters.apply(book.variables);
    this.variables.apply(book.variables);
    this.#isLoaded = true;
    this.#put();
    if (!isSame) this.options.log.info('rules were loaded', loadedFacts(book));
    this.#start();
  }

  /** Gives the engine the rules that were read, and what is asked beside them. */
  #put(): void {
    const { book } = this;
    const rules = [...book.rules, ...countingRules(book), ...this.#gates.rules(this.#text, this.map.home())];
    this.#host.enter((engine, moment) => engine.load({ ...book, rules }, moment));
    this.map.tellPresence();
    this.#listening.follow(this.#host);
    this.#desk.keepOnly(new Set(book.rules.flatMap(({ writes }) => writes)));
    this.#changed();
  }

  #changed(): void {
    if (this.#isLoaded) this.#store.changed();
  }

  #start(): void {
    if (!this.#isReady || !this.#isLoaded || this.#isStarted) return;
    this.#isStarted = true;
    this.#host.tell({ kind: 'start' });
  }

  #remember(): Remembered {
    const devices = this.map.devicesOf(this.book.rules.flatMap(({ reads, writes }) => [...reads, ...writes]));
    const engine = this.#host.engine.snapshot(this.#host.moment());
    return { engine, variables: this.variables.stored(), devices };
  }
}

const loadedFacts = ({ rules, waiting }: RuleBook) => ({
  rules: rules.length,
  waiting: waiting.map(({ rule }) => rule),
});
