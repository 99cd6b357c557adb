import type { Bus } from '../bus/bus.ts';
import { type Message, textOf } from '../bus/message.ts';
import type { Cancel, Clock } from '../kit/clock.ts';
import type { Action, Outcome } from '../rules/engine-world.ts';
import { type CommandState, FINAL_STATES } from '../schemes/command.ts';
import { jsonIn } from '../schemes/json-text.ts';
import type { PointSpec } from '../schemes/point.ts';
import { topics } from '../schemes/topics.ts';
import { isRecord } from '../schemes/yaml-value.ts';
import { ORIGIN } from './origin.ts';
import { parsePointName } from './point-names.ts';

export interface CommandDeskOptions {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly tell: (outcome: Outcome) => void;
  readonly specOf: (point: string) => PointSpec | undefined;
  /** Commands whose outcome is open; above that the oldest becomes `unknown`. Default 5,000. */
  readonly most?: number;
}

type Order = Extract<Action, { kind: 'command' }>;

interface Pending {
  readonly target: string;
  readonly ttlMs: number;
  readonly cancel: Cancel;
  /** Somebody has taken it. */
  isTaken: boolean;
}

const MOST = 5_000;
const ONCE_MS = 5_000;
const SET_MS = 30_000;
/** An outcome may come so much after the deadline; ms. */
const GRACE_MS = 2_000;

/** Sends the commands of rules to whoever has the output, and sees that each gets one outcome. */
export class CommandDesk {
  readonly #options: CommandDeskOptions;
  readonly #most: number;
  /** By id, oldest first. */
  readonly #pending = new Map<string, Pending>();
  /** By target: whose answers are heard. */
  readonly #answers = new Map<string, () => void>();

  constructor(options: CommandDeskOptions) {
    this.#options = options;
    this.#most = options.most ?? MOST;
  }

  get pending(): number {
    return this.#pending.size;
  }

  /** The outcome when it is known at once. */
  send(order: Order): Outcome | undefined {
    const { bus } = this.#options;
    const { id, target } = order;
    const name = parsePointName(target);
    if (name === undefined) return { id, state: 'failed', why: `${target} is not a point` };
    const topic = topics.command(name.node, name.device, name.point);
    if (!bus.isInterested(topic)) {
      return { id, state: 'expired', why: `nobody here takes commands for ${target}` };
    }
    // The same id again is the same command: whoever executes it answers as before.
    this.#forget(id);
    this.#hear(target, topics.ack(name.node, name.device, name.point));
    this.#keep(order);
    if (bus.publish({ topic, payload: JSON.stringify(commandText(order)), origin: ORIGIN })) return undefined;
    this.#forget(id);
    return { id, state: 'failed', why: 'the bus of this node is full' };
  }

  /** Hears no more of targets that no rule writes; what is pending for them keeps its deadline. */
  keepOnly(targets: ReadonlySet<string>): void {
    const open = new Set([...this.#pending.values()].map(({ target }) => target));
    for (const [target, end] of this.#answers) {
      if (targets.has(target) || open.has(target)) continue;
      this.#answers.delete(target);
      end();
    }
  }

  stop(): void {
    for (const { cancel } of this.#pending.values()) cancel();
    this.#pending.clear();
    for (const end of this.#answers.values()) end();
    this.#answers.clear();
  }

  #keep({ id, target, ttlMs, mode }: Order): void {
    const { clock, specOf } = this.#options;
    const [oldest] = this.#pending.keys();
    if (this.#pending.size >= this.#most && oldest !== undefined) {
      this.#forget(oldest);
      this.#say(oldest, 'unknown', 'too many commands wait for their outcome');
    }
    const isOnce = mode === 'once' || (mode === undefined && specOf(target)?.once === true);
    const lasts = ttlMs ?? (isOnce ? ONCE_MS : SET_MS);
    const cancel = clock.after(lasts + GRACE_MS, () => this.#late(id));
    this.#pending.set(id, { target, ttlMs: lasts, cancel, isTaken: false });
  }

  #late(id: string): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#forget(id);
    if (pending.isTaken) this.#say(id, 'unknown', `${pending.target} took it and did not say what became of it`);
    else this.#say(id, 'expired', `${pending.target} did not answer within ${pending.ttlMs} ms`);
  }

  #hear(target: string, topic: string): void {
    if (this.#answers.has(target)) return;
    const end = this.#options.bus.subscribe(topic, (message) => this.#answer(message), { origin: ORIGIN });
    this.#answers.set(target, end);
  }

  #answer(message: Message): void {
    const ack = parseAck(textOf(message));
    const pending = ack === undefined ? undefined : this.#pending.get(ack.id);
    if (ack === undefined || pending === undefined) return;
    if (!FINAL_STATES.includes(ack.state)) {
      pending.isTaken = true;
      return;
    }
    this.#forget(ack.id);
    this.#options.tell(ack);
  }

  #forget(id: string): void {
    this.#pending.get(id)?.cancel();
    this.#pending.delete(id);
  }

  #say(id: string, state: CommandState, why: string): void {
    this.#options.tell({ id, state, why });
  }
}

function commandText({ id, value, ttlMs, mode, rule, forMs }: Order): Readonly<Record<string, unknown>> {
  return {
    id,
    v: value,
    ...(ttlMs === undefined ? {} : { ttl: ttlMs }),
    ...(mode === undefined ? {} : { mode }),
    by: `rule:${rule}`,
    ...(forMs === undefined ? {} : { for: forMs }),
  };
}

const STATES: ReadonlySet<string> = new Set([...FINAL_STATES, 'accepted', 'received', 'running']);

/** The outcome in a `$ack`; undefined when it is none. */
export function parseAck(text: string): Outcome | undefined {
  const parsed = jsonIn(text);
  if (!isRecord(parsed) || typeof parsed.id !== 'string' || !isState(parsed.st)) return undefined;
  const { id, st, why } = parsed;
  return { id, state: st, ...(typeof why === 'string' ? { why } : {}) };
}

function isState(word: unknown): word is CommandState {
  return typeof word === 'string' && STATES.has(word);
}
