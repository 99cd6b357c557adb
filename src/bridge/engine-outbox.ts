import type { Bus } from '../bus/bus.ts';
import { bytesOf, type Message, readingOf } from '../bus/message.ts';
import type { Cancel, Clock } from '../kit/clock.ts';
import { reasonOf } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { Delivery, Item, NewItem } from '../outbox/item.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { OutboxReader } from '../outbox/reader.ts';
import type { Keep } from '../schemes/policy.ts';
import { envelope } from '../schemes/reading.ts';
import { EngineKeep } from './engine-keep.ts';
import type { EngineWay } from './engine-outgoing.ts';
import { propertiesOf } from './engine-props.ts';
import { ENGINE_ORIGIN, pointFilter } from './engine-topics.ts';
import { packMessage, unpackMessage } from './kept-message.ts';

/** The name of the engine among the readers of the outbox. */
export const ENGINE_READER = 'engine';

export interface EngineOutboxWorld {
  readonly bus: Bus;
  readonly node: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly outbox: Outbox;
  /** What waited is sent so many a second at most. */
  readonly replayPerS?: number;
}

/** A connection to the engine. */
export interface EngineConnection {
  readonly way: EngineWay;
  /** MQTT 5 carries the time of a reading; before, `$v` has to. */
  readonly hasProperties: boolean;
  /** All that waited is sent: of these topics nothing was sent yet. */
  readonly onCaughtUp: (topics: readonly string[]) => void;
}

const REPLAY_PER_S = 500;
const TICK_MS = 100;
const WINDOW = 500;

/**
 * Readings whose policy wants them kept go to the engine through the outbox, always, so that their order holds: what
 * waits first, with its time, and no faster than the engine can swallow.
 */
export class EngineOutbox {
  readonly #world: EngineOutboxWorld;
  readonly #keep: EngineKeep;
  readonly #reader: OutboxReader;
  readonly #leave: () => void;
  #connection: EngineConnection | undefined;
  #connectedAt = 0;
  #cancel: Cancel = () => undefined;
  #isSending = false;
  #isPaused = false;
  #hasCaughtUp = false;
  /** Given to the engine and not acknowledged, oldest first. */
  #open: { readonly position: number; isDone: boolean }[] = [];
  #sent = new Set<string>();
  #kept = new Set<string>();
  #isRefused = false;

  constructor(world: EngineOutboxWorld) {
    const { bus, node, outbox } = world;
    this.#world = world;
    this.#keep = new EngineKeep(bus, node, ENGINE_ORIGIN);
    this.#reader = outbox.reader(ENGINE_READER, {
      filter: (topic) => topic.startsWith(pointFilter(node).slice(0, -3)),
      onMore: () => void this.#send(),
    });
    const take = (message: Message): void => this.#take(message);
    this.#leave = bus.subscribe(pointFilter(node), take, { origin: ENGINE_ORIGIN, noLocal: true });
  }

  /** Whether messages of this kind go through the outbox. */
  holds(message: Pick<Message, 'topic' | 'retain'>): boolean {
    return this.#keep.of(message) !== undefined;
  }

  connected(connection: EngineConnection): void {
    this.#connection = connection;
    this.#connectedAt = this.#world.clock.now();
    this.#hasCaughtUp = false;
    this.#sent = new Set();
    this.#reader.rewind();
    void this.#send();
  }

  lost(): void {
    this.#connection = undefined;
    this.#cancel();
    this.#isPaused = false;
    this.#open = [];
    this.#reader.rewind();
  }

  stop(): void {
    this.lost();
    this.#leave();
    this.#keep.stop();
    this.#reader.close();
  }

  #take(message: Message): void {
    const keep = this.#keep.of(message);
    if (keep === undefined) return;
    this.#kept.add(message.topic);
    const { clock, outbox } = this.#world;
    const time = readingOf(message)?.time ?? clock.now();
    const payload = packMessage(message, bytesOf(message));
    const item = { topic: message.topic, payload, time, ...termsOf(keep) };
    outbox.offer(item, (error) => {
      // Nobody else has the reading: in memory is better than not at all.
      if (error?.code === 'HB370' && item.class === 'sync') outbox.offer({ ...item, class: 'lazy' });
      if (error !== undefined && !this.#isRefused) {
        this.#world.log.warn('a reading is not safe for the engine', { code: error.code, reason: reasonOf(error) });
      }
      this.#isRefused = error !== undefined;
    });
  }

  async #send(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    try {
      while (this.#connection !== undefined && (await this.#sendSome(this.#connection)));
    } finally {
      this.#isSending = false;
    }
  }

  /** False: nothing more to send now. */
  async #sendSome(connection: EngineConnection): Promise<boolean> {
    if (this.#isPaused || this.#open.length >= WINDOW) return false; // the timer or an acknowledgement goes on
    const { replayPerS = REPLAY_PER_S } = this.#world;
    const share = Math.max(1, Math.floor((replayPerS * TICK_MS) / 1_000));
    const pulled = await this.#reader.pull(Math.min(WINDOW - this.#open.length, this.#hasCaughtUp ? WINDOW : share));
    if (this.#connection !== connection) return false; // the pull was rewound
    for (const delivery of pulled) this.#deliver(connection, delivery);
    if (pulled.length === 0) {
      this.#catchUp(connection);
      return false;
    }
    const isOld = pulled.some((one) => one.kind === 'item' && one.time < this.#connectedAt);
    if (!isOld) return true;
    this.#pause();
    return false;
  }

  #pause(): void {
    this.#isPaused = true;
    this.#cancel = this.#world.clock.after(TICK_MS, () => {
      this.#isPaused = false;
      void this.#send();
    });
  }

  #catchUp(connection: EngineConnection): void {
    if (this.#hasCaughtUp) return;
    this.#hasCaughtUp = true;
    connection.onCaughtUp([...this.#kept].filter((topic) => !this.#sent.has(topic)));
  }

  #deliver(connection: EngineConnection, delivery: Delivery): void {
    const row = { position: delivery.position, isDone: false };
    this.#open.push(row);
    const done = (): void => this.#done(connection, row);
    if (delivery.kind === 'gap') {
      const { count, reason, from, to } = delivery;
      const fields = { code: 'HB376', reader: ENGINE_READER, count, reason, from, to };
      if (reason === 'cut') this.#world.log.info('readings of the last seconds may be lost to the engine', fields);
      else this.#world.log.warn('readings are lost to the engine', fields);
      done();
      return;
    }
    const message = unpackMessage(delivery.topic, delivery.payload, ENGINE_ORIGIN);
    if (message === undefined) done();
    else this.#publish(connection, { message, item: delivery, done });
  }

  /** Acknowledged by the engine: QoS 0 is raised, so that there is something to wait for. */
  #publish({ way, hasProperties }: EngineConnection, { message, item, done }: Sending): void {
    const reading = readingOf(message);
    const qos = message.qos === 0 ? 1 : message.qos;
    const isOld = item.time < this.#connectedAt;
    if (isOld && !hasProperties && reading !== undefined) {
      way.publish(`${message.topic}/$v`, Buffer.from(envelope(reading)), { qos, retain: false }, done);
      return;
    }
    this.#sent.add(message.topic);
    const properties = hasProperties ? { properties: propertiesOf(message, this.#world.clock.now()) } : {};
    way.publish(message.topic, bytesOf(message), { qos, retain: message.retain, ...properties }, done);
  }

  #done(connection: EngineConnection, row: { readonly position: number; isDone: boolean }): void {
    if (this.#connection !== connection) return;
    row.isDone = true;
    let position = 0;
    while (this.#open[0]?.isDone === true) position = this.#open.shift()?.position ?? position;
    if (position === 0) return;
    this.#reader.ack(position);
    if (this.#hasCaughtUp || this.#open.length === 0) void this.#send();
  }
}

interface Sending {
  readonly message: Message;
  readonly item: Item;
  readonly done: () => void;
}

function termsOf(keep: Exclude<Keep, 'none'>): Pick<NewItem, 'class' | 'keep' | 'ttlMs'> {
  if (typeof keep === 'string') return { class: 'lazy', keep };
  const { ttlMs, sync } = keep;
  const kept = 'last' in keep ? { last: keep.last } : 'all';
  return { class: sync === true ? 'sync' : 'lazy', keep: kept, ...(ttlMs === undefined ? {} : { ttlMs }) };
}
