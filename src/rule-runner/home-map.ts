import type { Bus } from '../bus/bus.ts';
import { isEmpty, type Message, textOf } from '../bus/message.ts';
import type { Clock } from '../kit/clock.ts';
import type { PointSpec, Points } from '../schemes/point.ts';
import type { HomePoints } from '../schemes/rules/home-points.ts';
import type { Subject } from '../schemes/rules/test.ts';
import { parseTopic, topics } from '../schemes/topics.ts';
import { pointsInMeta } from './meta-page.ts';
import { ORIGIN } from './origin.ts';
import { devicesOf } from './point-names.ts';

export interface HomeMapOptions {
  readonly bus: Bus;
  readonly node: string;
  readonly clock: Clock;
  /** The points have changed; called once for many that come together. */
  readonly onPoints: () => void;
  readonly onPresence: (subject: Subject, isHere: boolean) => void;
}

/** Devices of the whole home that are kept; more are not looked at. */
const MOST_DEVICES = 5_000;
const MOST_PEERS = 1_000;
/** Points that come within this time are one change. */
const SETTLE_MS = 200;
const AWAY: ReadonlySet<string> = new Set(['lost', 'quarantined', 'stopped', 'disconnected']);

/** What the home is made of, learned from the retained pages of all nodes: every point, who is here and who is not. */
export class HomeMap {
  readonly #options: HomeMapOptions;
  /** By `node.device`. */
  readonly #devices: Map<string, Points | undefined>;
  /** The same, as text, to see a change without comparing. */
  readonly #pages = new Map<string, string>();
  readonly #here = new Map<string, boolean>();
  readonly #peers = new Set<string>();
  readonly #ends: (() => void)[] = [];
  #cancel: (() => void) | undefined;

  /** `remembered`: devices of the life before; what they say now takes their place. */
  constructor(options: HomeMapOptions, remembered: ReadonlyMap<string, Points>) {
    this.#options = options;
    this.#devices = new Map(remembered);
  }

  /** Begins with what is retained. */
  listen(): void {
    const { bus } = this.#options;
    const to = { origin: ORIGIN, retained: true };
    this.#ends.push(
      bus.subscribe(topics.everyDeviceMeta('+'), (message) => this.#meta(message), to),
      bus.subscribe(topics.everyDeviceState('+'), (message) => this.#deviceState(message), to),
      bus.subscribe(topics.everyNodeState(), (message) => this.#nodeState(message), to),
    );
  }

  stop(): void {
    for (const end of this.#ends.splice(0)) end();
    this.#cancel?.();
  }

  /** By full name. */
  spec(point: string): PointSpec | undefined {
    const end = point.lastIndexOf('.');
    const points = this.#devices.get(point.slice(0, end));
    const name = point.slice(end + 1);
    return points !== undefined && Object.hasOwn(points, name) ? points[name] : undefined;
  }

  /** The devices of these points with all that is known of them, by `node.device`. */
  devicesOf(points: readonly string[]): Map<string, Points> {
    const devices = devicesOf(points).map((device) => [device, this.#devices.get(device)] as const);
    return new Map(devices.flatMap(([device, known]) => (known === undefined ? [] : [[device, known] as const])));
  }

  /** What rules are read against: as it is now. */
  home(): HomePoints {
    const { node } = this.#options;
    return { node, devices: new Map(this.#devices), peers: [...this.#peers], unknown: 'wait' };
  }

  /** Says again who is here: a new rule has not heard it. */
  tellPresence(): void {
    for (const [key, isHere] of this.#here) {
      const [kind = '', name = ''] = key.split(' ');
      if (kind === 'device' || kind === 'peer') this.#options.onPresence({ kind, name }, isHere);
    }
  }

  #meta(message: Message): void {
    const { node, rest } = parseTopic(message.topic) ?? {};
    const [device] = rest ?? [];
    if (node === undefined || device === undefined) return;
    const name = `${node}.${device}`;
    // A device that goes keeps its points, and so its rules.
    if (isEmpty(message) || (!this.#devices.has(name) && this.#devices.size >= MOST_DEVICES)) return;
    const points = pointsInMeta(textOf(message));
    if (points === undefined) return;
    const page = JSON.stringify(points);
    if (this.#pages.get(name) === page) return;
    this.#pages.set(name, page);
    this.#devices.set(name, points);
    this.#changed();
  }

  #deviceState(message: Message): void {
    const { node, rest } = parseTopic(message.topic) ?? {};
    const [device] = rest ?? [];
    if (node === undefined || device === undefined) return;
    this.#seen(`${node}.${device}`);
    this.#presence({ kind: 'device', name: `${node}.${device}` }, isEmpty(message) ? 'lost' : textOf(message));
  }

  #nodeState(message: Message): void {
    const { node } = parseTopic(message.topic) ?? {};
    if (node === undefined) return;
    if (node !== this.#options.node && this.#peers.size < MOST_PEERS) this.#peers.add(node);
    this.#presence({ kind: 'peer', name: node }, isEmpty(message) ? 'lost' : textOf(message));
  }

  /** It is there, though nobody knows its points yet. */
  #seen(device: string): void {
    if (this.#devices.has(device) || this.#devices.size >= MOST_DEVICES) return;
    this.#devices.set(device, undefined);
    this.#changed();
  }

  /** `init` is no news: it may become anything. */
  #presence(subject: Subject, word: string): void {
    if (word === 'init') return;
    const isHere = !AWAY.has(word);
    const key = `${subject.kind} ${subject.name}`;
    if (this.#here.get(key) === isHere) return;
    if (!this.#here.has(key) && this.#here.size >= 2 * MOST_DEVICES) return;
    this.#here.set(key, isHere);
    this.#options.onPresence(subject, isHere);
  }

  #changed(): void {
    if (this.#cancel !== undefined) return;
    const { clock, onPoints } = this.#options;
    this.#cancel = clock.after(SETTLE_MS, () => {
      this.#cancel = undefined;
      onPoints();
    });
  }
}
