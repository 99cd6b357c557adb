import { bytesOf, type Message, readingOf } from '../bus/message.ts';
import type { Cancel, Clock } from '../kit/clock.ts';
import type { Delivery, Item } from '../outbox/item.ts';
import type { OutboxReader } from '../outbox/reader.ts';
import { envelope } from '../schemes/reading.ts';
import { ROOT } from '../schemes/topics.ts';
import { EngineIntake, type EngineIntakeWorld } from './engine-intake.ts';
import type { EngineWay } from './engine-outgoing.ts';
import { propertiesOf } from './engine-props.ts';
import { ENGINE_ORIGIN } from './engine-topics.ts';
import { unpackMessage } from './kept-message.ts';

/** The name of the engine among the readers of the outbox. */
export const ENGINE_READER = 'engine';

export interface EngineOutboxWorld extends EngineIntakeWorld {
  readonly clock: Clock;
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
  readonly #intake: EngineIntake;
  readonly #reader: OutboxReader;
  #connection: EngineConnection | undefined;
  #connectedAt = 0;
  #cancel: Cancel = () => undefined;
  #isSending = false;
  #isPaused = false;
  #hasCaughtUp = false;
  /** Given to the engine and not acknowledged, oldest first. */
  #open: { readonly position: number; isDone: boolean }[] = [];
  #sent = new Set<string>();

  constructor(world: EngineOutboxWorld) {
    this.#world = world;
    this.#intake = new EngineIntake(world);
    const own = `${ROOT}/${world.node}/`;
    this.#reader = world.outbox.reader(ENGINE_READER, {
      filter: (topic) => topic.startsWith(own),
      onMore: () => void this.#send(),
    });
  }

  /** Whether messages of this kind go through the outbox. */
  holds(message: Pick<Message, 'topic' | 'retain'>): boolean {
    return this.#intake.takes(message);
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
    this.#intake.stop();
    this.#reader.close();
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
    connection.onCaughtUp([...this.#intake.topics].filter((topic) => !this.#sent.has(topic)));
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
