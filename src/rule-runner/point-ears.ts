import type { Bus } from '../bus/bus.ts';
import { isEmpty, type Message, readingOf, textOf } from '../bus/message.ts';
import type { News } from '../rules/engine-world.ts';
import { jsonIn } from '../schemes/json-text.ts';
import type { PointSpec } from '../schemes/point.ts';
import { isQuality, isValue, type Reading } from '../schemes/reading.ts';
import { valueOfText } from '../schemes/value-text.ts';
import { ORIGIN } from './origin.ts';
import { parsePointName, topicsOf } from './point-names.ts';

export interface PointEarsOptions {
  readonly bus: Bus;
  readonly node: string;
  readonly tell: (news: News) => void;
  readonly specOf: (point: string) => PointSpec | undefined;
}

/** Listens to just the points and topics that rules read. */
export class PointEars {
  readonly #options: PointEarsOptions;
  readonly #points = new Map<string, () => void>();
  readonly #filters = new Map<string, () => void>();

  constructor(options: PointEarsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#points.size + this.#filters.size;
  }

  hears(point: string): boolean {
    return this.#points.has(point);
  }

  /** What was heard before goes on untouched; what is new begins with what is retained. */
  listen(points: ReadonlySet<string>, filters: ReadonlySet<string>): void {
    const { bus, tell } = this.#options;
    settle(this.#points, points, (point) => this.#attend(point));
    settle(this.#filters, filters, (filter) => {
      // The rules know the filter by this very text.
      const topic = /[+#]/.test(filter) ? undefined : filter;
      const hear = (message: Message) => {
        // A rule that listens to everything must not hear its own commands.
        if (message.origin === ORIGIN && message.topic.endsWith('/$cmd')) return;
        tell({ kind: 'message', topic: topic ?? message.topic, payload: textOf(message) });
      };
      return bus.subscribe(filter, hear, { origin: ORIGIN });
    });
  }

  stop(): void {
    this.listen(new Set(), new Set());
  }

  #attend(point: string): () => void {
    const { bus, node } = this.#options;
    const names = topicsOf(point);
    if (names === undefined) return () => undefined;
    const isOwn = (parsePointName(point)?.node ?? node) === node;
    const ear = new PointEar(point, isOwn, this.#options);
    const to = { origin: ORIGIN, retained: true };
    const ends: (() => void)[] = [];
    // The envelope first: it alone tells that what is retained has become stale.
    if (names.envelope !== undefined) ends.push(bus.subscribe(names.envelope, (message) => ear.envelope(message), to));
    ends.push(bus.subscribe(names.plain, (message) => ear.plain(message), { ...to, noLocal: false }));
    return () => {
      for (const end of ends) end();
    };
  }
}

/** One point: each reading is told once, whichever of its two topics brings it first. */
class PointEar {
  readonly #point: string;
  /** Of this node: only its own services speak for it, so bytes from a socket are not believed. */
  readonly #isOwn: boolean;
  readonly #options: PointEarsOptions;
  #epoch = -1;
  #sequence = -1;
  #quality = '';
  /** Counts what comes without a number of its own. */
  #heard = 0;

  constructor(point: string, isOwn: boolean, options: PointEarsOptions) {
    this.#point = point;
    this.#isOwn = isOwn;
    this.#options = options;
  }

  plain(message: Message): void {
    const reading = readingOf(message);
    if (reading !== undefined) {
      if (reading.sequence !== this.#sequence || reading.epoch !== this.#epoch) this.#tell(reading);
      return;
    }
    if (isEmpty(message)) this.#cleared();
    else if (!this.#isOwn && this.#epoch < 0) this.#parse(textOf(message));
  }

  envelope(message: Message): void {
    const reading = readingOf(message) ?? (this.#isOwn || isEmpty(message) ? undefined : envelopeOf(textOf(message)));
    if (reading === undefined) return;
    const { epoch, sequence, quality } = reading;
    if (sequence === this.#sequence && epoch === this.#epoch && quality === this.#quality) return;
    this.#tell(reading);
  }

  #tell({ value, quality, epoch, sequence }: Reading): void {
    const isSame = sequence === this.#sequence && epoch === this.#epoch;
    this.#epoch = epoch;
    this.#sequence = sequence;
    this.#quality = quality;
    const point = this.#point;
    if (this.#options.specOf(point)?.type !== 'event')
      this.#options.tell({ kind: 'reading', point, value, quality, epoch, sequence });
    else if (!isSame && quality !== 'bad' && quality !== 'stale')
      this.#options.tell({ kind: 'event', point, value, epoch, sequence });
  }

  /** Its retained value was taken off the bus: it is known no more. */
  #cleared(): void {
    if (this.#epoch < 0 && this.#heard === 0) return;
    const [epoch, sequence] = [Math.max(this.#epoch, 0), this.#sequence];
    this.#quality = 'bad';
    this.#options.tell({ kind: 'reading', point: this.#point, value: '', quality: 'bad', epoch, sequence });
  }

  #parse(text: string): void {
    const spec = this.#options.specOf(this.#point);
    if (spec === undefined) return;
    const fitted = valueOfText(text, spec);
    if ('why' in fitted) return;
    this.#heard += 1;
    const news = { point: this.#point, value: fitted.value, epoch: 0, sequence: this.#heard };
    this.#options.tell(
      spec.type === 'event' ? { kind: 'event', ...news } : { kind: 'reading', quality: 'good', ...news },
    );
  }
}

/** A `$v` that came as bytes from a peer. */
function envelopeOf(text: string): Reading | undefined {
  const parsed = jsonIn(text);
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const { v, q, e, s }: { v?: unknown; q?: unknown; e?: unknown; s?: unknown } = parsed;
  if (typeof e !== 'number' || typeof s !== 'number' || !isQuality(q) || !isValue(v)) return undefined;
  return { value: v, quality: q, epoch: e, sequence: s };
}

/** Ends what is not wanted any more, begins what is new. */
function settle(running: Map<string, () => void>, wanted: ReadonlySet<string>, begin: (name: string) => () => void) {
  for (const [name, end] of running) {
    if (wanted.has(name)) continue;
    running.delete(name);
    end();
  }
  for (const name of wanted) {
    if (!running.has(name)) running.set(name, begin(name));
  }
}
