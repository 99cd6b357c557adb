import type { Bus } from '../bus/bus.ts';
import { type Message, textOf } from '../bus/message.ts';
import { jsonIn } from '../schemes/json-text.ts';
import { nearest } from '../schemes/near.ts';
import type { PointSpec, PointType } from '../schemes/point.ts';
import { parseTopic, topics } from '../schemes/topics.ts';
import { isRecord } from '../schemes/yaml-value.ts';
import { clipped, isRefusal, type Refusal, rejected, unreachable } from './refusal.ts';

export interface KnownPointsWorld {
  readonly bus: Bus;
  readonly node: string;
  readonly origin: string;
  /** Which points of a device can be set has changed. */
  onPoints(device: string, settable: ReadonlyMap<string, PointSpec>): void;
  /** The health of a device has changed. */
  onHealth(device: string, state: string | undefined): void;
}

const TYPES: ReadonlySet<unknown> = new Set<PointType>(['boolean', 'enum', 'event', 'json', 'number', 'text']);
/** States of a device that is not there now; a command to it fails at once. */
const AWAY = new Set(['failing', 'lost', 'quarantined', 'stopped']);

/** The points of this node and the health of its devices, as their retained pages tell. */
export class KnownPoints {
  readonly #world: KnownPointsWorld;
  readonly #devices = new Map<string, ReadonlyMap<string, PointSpec>>();
  readonly #health = new Map<string, string>();
  /** Of the plan: they may be there soon. Undefined: there is no plan yet, and each one may be. */
  #planned: ReadonlySet<string> | undefined;
  readonly #unsubscribe: (() => void)[] = [];

  constructor(world: KnownPointsWorld) {
    this.#world = world;
  }

  start(): void {
    const { bus, node, origin } = this.#world;
    const options = { origin, retained: true };
    this.#unsubscribe.push(
      bus.subscribe(topics.everyDeviceMeta(node), (message) => this.#hearMeta(message), options),
      bus.subscribe(topics.everyDeviceState(node), (message) => this.#hearState(message), options),
    );
  }

  stop(): void {
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
  }

  /** The point, or why it cannot be commanded at all. */
  find(device: string, point: string): PointSpec | Refusal {
    const points = this.#devices.get(device);
    const spec = points?.get(point);
    if (spec === undefined) return this.#unknown(device, point);
    if (spec.settable !== true) return rejected('HB358', `${device}.${point} can be read only`);
    return spec;
  }

  expect(devices: ReadonlySet<string>): void {
    this.#planned = devices;
  }

  has(device: string): boolean {
    return this.#devices.has(device);
  }

  /** The points of a device that take commands. */
  settable(device: string): string[] {
    return [...(this.#devices.get(device) ?? [])].flatMap(([name, spec]) => (spec.settable === true ? [name] : []));
  }

  /** Why a point that cannot be commanded cannot. */
  refusalOf(device: string, point: string): Refusal {
    const found = this.find(device, point);
    return isRefusal(found) ? found : rejected('HB358', `${device}.${point} can be read only`);
  }

  health(device: string): string | undefined {
    return this.#health.get(device);
  }

  /** Why the device cannot be written to now; undefined: it can, or may soon. */
  away(device: string): Refusal | undefined {
    const state = this.#health.get(device);
    if (state === undefined || AWAY.has(state)) return unreachable(`${device} is ${state ?? 'not there'}`);
    return undefined;
  }

  #unknown(device: string, point: string): Refusal {
    const mayCome = this.#planned?.has(device) ?? true;
    if (mayCome && !this.#devices.has(device)) return rejected('HB359', `${device} is not open yet`);
    const names = [...this.#devices].flatMap(([name, points]) => [...points.keys()].map((key) => `${name}.${key}`));
    const near = nearest(`${device}.${point}`.slice(0, 80), names);
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    return rejected('HB357', `there is no point ${clipped(`${device}.${point}`)}${hint}`);
  }

  #hearMeta(message: Message): void {
    const device = parseTopic(message.topic)?.rest[0];
    if (device === undefined || !message.retain) return;
    const points = parseMeta(textOf(message));
    if (points.size === 0) this.#devices.delete(device);
    else this.#devices.set(device, points);
    const settable = new Map([...points].filter(([, spec]) => spec.settable === true));
    this.#world.onPoints(device, settable);
  }

  #hearState(message: Message): void {
    const device = parseTopic(message.topic)?.rest[0];
    if (device === undefined || !message.retain) return;
    const state = textOf(message);
    if (state === this.#health.get(device)) return;
    if (state === '') this.#health.delete(device);
    else this.#health.set(device, state);
    this.#world.onHealth(device, state === '' ? undefined : state);
  }
}

/** Takes what is right of a `$meta` page; it was made by this node. */
function parseMeta(text: string): Map<string, PointSpec> {
  const found = new Map<string, PointSpec>();
  if (text === '') return found;
  const page = jsonIn(text);
  if (!isRecord(page) || !isRecord(page.points)) return found;
  for (const [name, spec] of Object.entries(page.points)) {
    const parsed = isRecord(spec) ? parseSpec(spec) : undefined;
    if (parsed !== undefined) found.set(name, parsed);
  }
  return found;
}

function parseSpec(spec: Readonly<Record<string, unknown>>): PointSpec | undefined {
  const { type, unit, range, values, settable, once } = spec;
  if (!isType(type)) return undefined;
  const limits: unknown[] = Array.isArray(range) ? range : [];
  const [least, largest] = limits;
  return {
    type,
    ...(typeof unit === 'string' && { unit }),
    ...(typeof least === 'number' && typeof largest === 'number' && { range: [least, largest] as const }),
    ...(Array.isArray(values) && { values: values.filter((word): word is string => typeof word === 'string') }),
    ...(settable === true && { settable }),
    ...(once === true && { once }),
  };
}

const isType = (type: unknown): type is PointType => TYPES.has(type);
