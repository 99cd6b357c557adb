import type { Bus } from '../bus/bus.ts';
import type { Cancel, Clock } from '../kit/clock.ts';
import type { Reading, Value } from '../schemes/reading.ts';
import type { Variable } from '../schemes/rules/rule.ts';
import { topics } from '../schemes/topics.ts';
import { fitValue } from '../schemes/value-text.ts';
import { shortValue } from '../schemes/yaml-value.ts';
import { type LocalDates, makeLocalDates } from './local-date.ts';
import { ORIGIN } from './origin.ts';
import { parseStored, type StoredVariable } from './stored-variable.ts';

export interface HomeVariablesOptions {
  readonly bus: Bus;
  readonly clock: Clock;
  /** Counts the starts of this node. */
  readonly epoch: number;
  readonly timeZone: string;
  readonly isTimeTrusted: () => boolean;
  /** A value has changed: it should be stored soon. */
  readonly onChange: () => void;
}

/** Somebody wants a variable to be something. */
export interface Wish {
  readonly name: string;
  readonly value: unknown;
  /** Who wants it: `rule:water`, `mqtt:client-7`. */
  readonly by: string;
}

export type Granted =
  | { readonly state: 'done'; readonly value: Value }
  | { readonly state: 'rejected'; readonly code: string; readonly why: string };

/**
 * The shared variables of the home, as this node keeps them: retained on the bus, on disk by `stored`. One entry holds
 * value, time and author, which is what several nodes need to agree on the newest.
 */
export class HomeVariables {
  readonly #options: HomeVariablesOptions;
  readonly #variables = new Map<string, Variable>();
  /** Of variables that a person took out of the scheme too: they come back with their value. */
  readonly #entries: Map<string, StoredVariable>;
  #dates: LocalDates | undefined;
  #sequence = 0;
  #cancel: Cancel | undefined;

  constructor(options: HomeVariablesOptions, stored: unknown) {
    this.#options = options;
    this.#entries = parseStored(stored);
  }

  get size(): number {
    return this.#variables.size;
  }

  /** Keeps just these; one whose type has changed starts at its initial value. */
  apply(variables: readonly Variable[]): void {
    const before = new Map(this.#variables);
    this.#variables.clear();
    for (const variable of variables) {
      this.#variables.set(variable.name, variable);
      const isSame = JSON.stringify(before.get(variable.name)) === JSON.stringify(variable);
      if (!isSame) this.#begin(variable);
    }
    // Also what an earlier life left on the bus, when the scheme still had it.
    for (const { topic } of [...this.#options.bus.retained(topics.variable('+'))]) {
      const name = topic.slice(topic.lastIndexOf('/') + 1);
      if (!this.#variables.has(name)) this.#clear(name);
    }
    this.#arm();
  }

  /** Of `home.energy`. */
  unitOf(full: string): string | undefined {
    return this.#variables.get(full.slice(full.indexOf('.') + 1))?.unit;
  }

  set(wish: Wish): Granted {
    const granted = this.judge(wish);
    const variable = this.#variables.get(wish.name);
    if (granted.state === 'done' && variable !== undefined) this.#put(variable, granted.value, wish.by);
    return granted;
  }

  /** What would become of a wish. */
  judge({ name, value }: Wish): Granted {
    const variable = this.#variables.get(name);
    if (variable === undefined) return rejected('HB342', `the home has no variable "${name.slice(0, 40)}"`);
    const fitted = fitValue(value, variable);
    if ('why' in fitted) return rejected('HB343', `home.${name} is not set: ${shortValue(value)} ${fitted.why}`);
    return { state: 'done', value: fitted.value };
  }

  /** One more of what a counter counts. */
  count(name: string): void {
    const variable = this.#variables.get(name);
    if (variable === undefined) return;
    this.#resetIfDue(variable);
    const now = this.#entries.get(name)?.value;
    this.#put(variable, (typeof now === 'number' ? now : 0) + 1, 'counter');
  }

  /** JSON of all that must survive a restart. */
  stored(): unknown {
    return Object.fromEntries(this.#entries);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #begin(variable: Variable): void {
    const { name, initial, counter } = variable;
    const entry = this.#entries.get(name);
    if (entry !== undefined && 'value' in fitValue(entry.value, variable)) {
      this.#resetIfDue(variable);
      this.#tell(name);
      return;
    }
    const first = counter === undefined ? initial : (initial ?? 0);
    if (first === undefined) {
      this.#entries.delete(name);
      this.#clear(name);
    } else this.#put(variable, first, 'initial');
  }

  #put(variable: Variable, value: Value, by: string): void {
    const { name } = variable;
    const { clock, isTimeTrusted, onChange } = this.#options;
    const period = this.#periodOf(variable) ?? this.#entries.get(name)?.period;
    const at = isTimeTrusted() ? { at: clock.now() } : {};
    this.#entries.set(name, { value, by, ...at, ...(period === undefined ? {} : { period }) });
    this.#tell(name);
    onChange();
  }

  #tell(name: string): void {
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    const unit = this.#variables.get(name)?.unit;
    this.#sequence += 1;
    const reading: Reading = {
      value: entry.value,
      ...(unit === undefined ? {} : { unit }),
      ...(entry.at === undefined ? {} : { time: entry.at }),
      quality: 'good',
      epoch: this.#options.epoch,
      sequence: this.#sequence,
    };
    const payload = { reading, form: 'plain' as const };
    this.#options.bus.publish({ topic: topics.variable(name), payload, retain: true, qos: 1, origin: ORIGIN });
  }

  #clear(name: string): void {
    const { bus } = this.#options;
    const topic = topics.variable(name);
    if (bus.retainedAt(topic) !== undefined) bus.publish({ topic, payload: '', retain: true, origin: ORIGIN });
  }

  /** Undefined while nobody has set the clock, and for what is never reset. */
  #periodOf({ reset = 'never' }: Variable): string | undefined {
    const { clock, timeZone, isTimeTrusted } = this.#options;
    if (reset === 'never' || !isTimeTrusted()) return undefined;
    this.#dates ??= makeLocalDates(timeZone);
    return this.#dates.periodOf(clock.now(), reset);
  }

  #resetIfDue(variable: Variable): void {
    const entry = this.#entries.get(variable.name);
    const period = this.#periodOf(variable);
    if (entry === undefined || period === undefined || entry.period === period) return;
    // Counted before anybody knew the date: it belongs to this period.
    if (entry.period === undefined) this.#put(variable, entry.value, entry.by);
    // A clock that was set back ends no period.
    else if (period > entry.period) this.#put(variable, variable.initial ?? 0, 'reset');
  }

  /** Looks each hour, and at local midnight. */
  #arm(): void {
    this.stop();
    const resets = [...this.#variables.values()].filter(({ reset = 'never' }) => reset !== 'never');
    if (resets.length === 0) return;
    const { clock, timeZone } = this.#options;
    this.#dates ??= makeLocalDates(timeZone);
    this.#cancel = clock.after(this.#dates.untilMidnight(clock.now()), () => {
      for (const variable of resets) this.#resetIfDue(variable);
      this.#arm();
    });
  }
}

function rejected(code: string, why: string): Granted {
  return { state: 'rejected', code, why };
}
