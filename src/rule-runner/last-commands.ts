import type { Bus } from '../bus/bus.ts';
import { type Message, textOf } from '../bus/message.ts';
import type { Clock } from '../kit/clock.ts';
import type { CommandState } from '../schemes/command.ts';
import { jsonIn } from '../schemes/json-text.ts';
import { plainText } from '../schemes/reading.ts';
import { topics } from '../schemes/topics.ts';
import { isRecord, shortValue } from '../schemes/yaml-value.ts';
import { parseAck } from './command-desk.ts';
import { ORIGIN } from './origin.ts';
import { pointOfTopic } from './point-names.ts';

/** The last command to a point, as it was seen on the bus. */
export interface LastCommand {
  readonly id?: string;
  readonly value: string;
  readonly by: string;
  /** ms since 1970. */
  readonly at: number;
  readonly state?: CommandState;
  readonly why?: string;
}

const MOST_POINTS = 2_000;
/** Longest `$cmd` that is looked into, characters. */
const LONGEST = 8_192;

/** Who commanded each output of this node last, for `why`. */
export class LastCommands {
  readonly #clock: Clock;
  /** By full name; heard last is last. */
  readonly #points = new Map<string, LastCommand>();
  readonly #ends: (() => void)[];

  constructor(bus: Bus, node: string, clock: Clock) {
    this.#clock = clock;
    const to = { origin: ORIGIN };
    this.#ends = [
      bus.subscribe(topics.everySet(node), (message) => this.#plain(message), to),
      bus.subscribe(topics.everyCommand(node), (message) => this.#command(message), to),
      bus.subscribe(topics.everyAck(node), (message) => this.#ack(message), to),
    ];
  }

  of(point: string): LastCommand | undefined {
    return this.#points.get(point);
  }

  stop(): void {
    for (const end of this.#ends.splice(0)) end();
  }

  #plain(message: Message): void {
    this.#keep(message.topic, { value: shortValue(textOf(message)), by: message.origin, at: this.#clock.now() });
  }

  #command(message: Message): void {
    const text = textOf(message);
    const parsed = text.length > LONGEST ? undefined : jsonIn(text);
    if (!isRecord(parsed)) return;
    const { id, v, by } = parsed;
    this.#keep(message.topic, {
      ...(typeof id === 'string' ? { id } : {}),
      value: typeof v === 'boolean' ? plainText(v) : shortValue(v),
      by: typeof by === 'string' ? by : message.origin,
      at: this.#clock.now(),
    });
  }

  #ack(message: Message): void {
    const point = pointOfTopic(message.topic);
    const last = point === undefined ? undefined : this.#points.get(point);
    const ack = last === undefined ? undefined : parseAck(textOf(message));
    if (point === undefined || last === undefined || ack === undefined) return;
    // A plain `set` gets its id from who takes it.
    if (last.id !== undefined && last.id !== ack.id) return;
    this.#points.set(point, { ...last, ...ack });
  }

  #keep(topic: string, command: LastCommand): void {
    const point = pointOfTopic(topic);
    if (point === undefined) return;
    this.#points.delete(point);
    this.#points.set(point, command);
    const [oldest] = this.#points.keys();
    if (this.#points.size > MOST_POINTS && oldest !== undefined) this.#points.delete(oldest);
  }
}
