import type { Bus } from '../bus/bus.ts';
import { type Message, readingOf, textOf } from '../bus/message.ts';
import { serveRequests } from '../bus/requests.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { PointType } from '../schemes/point.ts';
import type { Reading, Value } from '../schemes/reading.ts';
import { HOME, topics } from '../schemes/topics.ts';
import type { Document } from '../state/document.ts';
import type { History } from '../state/history/history.ts';
import { historyAnswer } from './history-answer.ts';
import { LastBook } from './last-book.ts';
import type { LastValue, LastValues } from './last-values.ts';
import { type ListedPoint, PointCatalog } from './point-catalog.ts';

export interface RecorderOptions {
  readonly bus: Bus;
  readonly node: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly history: History;
  readonly last: Document<LastValues>;
  /** What `restoreLast` put on the bus before. */
  readonly restored: readonly LastValue[];
}

export interface Recorder {
  /** Saves the last values. The history is closed by whoever opened it. */
  stop(): Promise<void>;
}

const ORIGIN = 'recorder';

/** Verbs that the recorder answers, for the service that refuses the rest. */
export const RECORDER_VERBS: readonly string[] = ['history'];

/** Records what this node publishes and the variables of the home, keeps last values, and answers `history`. */
export function startRecorder(options: RecorderOptions): Recorder {
  const { bus, node, log, history } = options;
  const catalog = new PointCatalog(node);
  const book = new LastBook({ ...options, catalog });
  const ears = new Ears(options, catalog, book);
  const verbs = { history: (args: Readonly<Record<string, unknown>>) => historyAnswer({ ...options, catalog }, args) };
  const to = { origin: ORIGIN, retained: true };
  const ends = [
    bus.subscribe(topics.everyDeviceMeta(node), (message) => ears.hearPage(message), to),
    bus.subscribe(topics.everyPolicy(node), (message) => ears.hearPolicy(message), to),
    // The envelopes alone tell when a value is bad or stale; they are objects here, nobody writes JSON.
    bus.subscribe(topics.everyEnvelope(node), (message) => ears.hearReading(message), to),
    bus.subscribe(topics.everyVariable(), (message) => ears.hearVariable(message), to),
    serveRequests({ bus, node, origin: ORIGIN, verbs, log }),
  ];
  void history.ready.then(() => log.debug('history is open', { bytes: history.counts.bytes }));
  return {
    async stop() {
      for (const end of ends.splice(0)) end();
      await book.stop();
    },
  };
}

/** Brings messages to the history and to the last values. */
class Ears {
  readonly #history: History;
  readonly #catalog: PointCatalog;
  readonly #book: LastBook;
  /** By topic of the envelope, so that a topic is taken apart once. */
  readonly #points = new Map<string, ListedPoint>();
  readonly #variables = new Map<string, Value>();

  constructor({ history }: Pick<RecorderOptions, 'history'>, catalog: PointCatalog, book: LastBook) {
    this.#history = history;
    this.#catalog = catalog;
    this.#book = book;
  }

  hearPage(message: Message): void {
    const [, , device = ''] = message.topic.split('/');
    this.#catalog.take(device, textOf(message));
    this.#points.clear();
  }

  hearPolicy(message: Message): void {
    const [, , device = '', point = ''] = message.topic.split('/');
    this.#catalog.takePolicy(device, point, textOf(message));
  }

  hearReading(message: Message): void {
    const reading = readingOf(message);
    const listed = this.#listed(message.topic);
    if (reading === undefined || listed === undefined) return;
    const { quality, value } = reading;
    const isKnown = quality !== 'bad' && quality !== 'stale';
    if (this.#catalog.isRecorded(listed)) this.#add(listed, reading, isKnown ? value : undefined);
    if (isKnown && listed.isRetained) this.#book.take(listed.device, listed.point, reading);
  }

  hearVariable(message: Message): void {
    const name = message.topic.slice(message.topic.lastIndexOf('/') + 1);
    const value = readingOf(message)?.value ?? valueIn(textOf(message));
    if (this.#variables.get(name) === value) return;
    this.#variables.set(name, value);
    this.#history.add({ point: { name: `${HOME}.${name}`, type: typeOf(value) }, value, quality: 'good' });
  }

  #add({ history: point }: ListedPoint, { quality, time }: Reading, value: Value | undefined): void {
    // Doubt comes later than the reading that it is about, whose time it carries.
    const at = time === undefined || value === undefined ? {} : { time };
    this.#history.add({ point, value, quality, ...at });
  }

  #listed(topic: string): ListedPoint | undefined {
    const known = this.#points.get(topic);
    if (known !== undefined) return known;
    const [, , device = '', point = ''] = topic.split('/');
    const listed = this.#catalog.find(device, point);
    if (listed !== undefined) this.#points.set(topic, listed);
    return listed;
  }
}

/** The value in the text of a variable that came from outside. */
function valueIn(text: string): Value {
  if (text === 'on' || text === 'off') return text === 'on';
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

function typeOf(value: Value): PointType {
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  return typeof value === 'string' ? 'text' : 'json';
}
