import type { Bus } from '../bus/bus.ts';
import { type Message, textOf } from '../bus/message.ts';
import type { Cancel, Clock } from '../kit/clock.ts';
import type { Action, Outcome } from '../rules/engine-world.ts';
import { jsonIn } from '../schemes/json-text.ts';
import { isName } from '../schemes/names.ts';
import { topics } from '../schemes/topics.ts';
import { isRecord } from '../schemes/yaml-value.ts';
import { ORIGIN } from './origin.ts';

export interface ServiceDeskOptions {
  readonly bus: Bus;
  readonly node: string;
  readonly clock: Clock;
  readonly tell: (outcome: Outcome) => void;
}

type Call = Extract<Action, { kind: 'service' }>;

/** Nobody waits longer for an outside API, ms. */
const DEADLINE_MS = 10_000;
const MOST = 1_000;

/** Asks services of the gateway by topic; each call gets one outcome. */
export class ServiceDesk {
  readonly #options: ServiceDeskOptions;
  /** By id, oldest first. */
  readonly #pending = new Map<string, Cancel>();
  #end: (() => void) | undefined;

  constructor(options: ServiceDeskOptions) {
    this.#options = options;
  }

  get pending(): number {
    return this.#pending.size;
  }

  /** The outcome when it is known at once. */
  call({ id, service, args }: Call): Outcome | undefined {
    const { bus, node, clock } = this.#options;
    const { call: asked = 'send', ...rest } = args;
    const call = typeof asked === 'string' && isName(asked) ? asked : undefined;
    if (call === undefined) return { id, state: 'failed', why: `service ${service} has no such call` };
    const topic = topics.serviceCall(node, service, call);
    if (!bus.isInterested(topic))
      return { id, state: 'failed', why: `service ${service} does not run in this version` };
    const [oldest] = this.#pending.keys();
    if (this.#pending.size >= MOST && oldest !== undefined) {
      this.#done({ id: oldest, state: 'unknown', why: 'too many calls wait for their answer' });
    }
    this.#end ??= bus.subscribe(topics.everyServiceAnswer(node), (message) => this.#answer(message), {
      origin: ORIGIN,
    });
    const why = `service ${service} did not answer within ${DEADLINE_MS / 1_000} s`;
    this.#pending.set(
      id,
      clock.after(DEADLINE_MS, () => this.#done({ id, state: 'failed', why })),
    );
    if (!bus.publish({ topic, payload: JSON.stringify({ ...rest, id }), origin: ORIGIN })) {
      this.#done({ id, state: 'failed', why: 'the bus of this node is full' });
    }
    return undefined;
  }

  stop(): void {
    for (const cancel of this.#pending.values()) cancel();
    this.#pending.clear();
    this.#end?.();
    this.#end = undefined;
  }

  #answer(message: Message): void {
    const parsed = jsonIn(textOf(message));
    if (!isRecord(parsed) || typeof parsed.id !== 'string') return;
    const { id, ok, error } = parsed;
    if (ok === true) this.#done({ id, state: 'done' });
    else this.#done({ id, state: 'failed', why: reasonIn(error) });
  }

  #done(outcome: Outcome): void {
    const cancel = this.#pending.get(outcome.id);
    if (cancel === undefined) return;
    cancel();
    this.#pending.delete(outcome.id);
    this.#options.tell(outcome);
  }
}

function reasonIn(error: unknown): string {
  if (typeof error === 'string') return error;
  return isRecord(error) && typeof error.message === 'string' ? error.message : 'the service failed';
}
