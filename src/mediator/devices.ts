import type { Bus } from '../bus/bus.ts';
import { type Message, readingOf, textOf } from '../bus/message.ts';
import type { PointSpec } from '../schemes/point.ts';
import type { Value } from '../schemes/reading.ts';
import { topics } from '../schemes/topics.ts';
import type { GuardBook } from './guard-book.ts';
import { KnownPoints } from './known-points.ts';
import { Lane } from './lane.ts';
import type { LaneWorld } from './lane-world.ts';
import { readValue } from './read-value.ts';
import { unreachable } from './refusal.ts';

export interface DevicesWorld extends Omit<LaneWorld, 'away' | 'health'> {
  readonly bus: Bus;
  readonly node: string;
  readonly origin: string;
  readonly guards: GuardBook;
}

/** The devices that take commands: their points, their health, the lane of each. */
export class Devices {
  readonly known: KnownPoints;
  readonly #world: DevicesWorld;
  readonly #lanes = new Map<string, Lane>();
  /** Ends of listening to the readings, by device. */
  readonly #listening = new Map<string, (() => void)[]>();
  /** Those whose points were set as they must be after the device was opened. */
  readonly #settled = new Set<string>();

  constructor(world: DevicesWorld) {
    this.#world = world;
    this.known = new KnownPoints({
      ...{ bus: world.bus, node: world.node, origin: world.origin },
      onPoints: (device, settable) => this.#setPoints(device, settable),
      onHealth: (device, state) => this.#setHealth(device, state),
    });
  }

  /** Commands without an outcome. */
  get open(): number {
    return [...this.#lanes.values()].reduce((sum, lane) => sum + lane.length, 0);
  }

  isReady(device: string): boolean {
    return this.known.health(device) === 'ready';
  }

  laneOf(device: string): Lane {
    const known = this.#lanes.get(device);
    if (known !== undefined) return known;
    const lane = new Lane(
      { ...this.#world, health: (name) => this.known.health(name), away: (name) => this.known.away(name) },
      device,
    );
    this.#lanes.set(device, lane);
    return lane;
  }

  /** Something changed that commands of any device may wait for. */
  pump(): void {
    for (const lane of this.#lanes.values()) lane.pump();
  }

  stop(): void {
    this.known.stop();
    for (const ends of this.#listening.values()) for (const end of ends) end();
    this.#listening.clear();
    for (const lane of this.#lanes.values()) lane.failAll(unreachable('the node stops'));
  }

  #setPoints(device: string, settable: ReadonlyMap<string, PointSpec>): void {
    const { bus, node, origin, guards } = this.#world;
    for (const end of this.#listening.get(device) ?? []) end();
    guards.setPoints(device, settable);
    const ends = [...settable].map(([point, spec]) =>
      bus.subscribe(
        topics.point(node, device, point),
        (message) => this.#observe(`${device}.${point}`, spec, message),
        {
          origin,
          retained: true,
        },
      ),
    );
    if (ends.length === 0) this.#listening.delete(device);
    else this.#listening.set(device, ends);
    this.#settle(device);
  }

  #observe(name: string, spec: PointSpec, message: Message): void {
    const reading = readingOf(message);
    if (reading !== undefined && reading.quality !== 'good') return;
    const value = reading?.value ?? valueIn(spec, textOf(message));
    if (value !== undefined) this.#world.guards.observe(name, value);
  }

  #setHealth(device: string, state: string | undefined): void {
    if (state !== 'ready') this.#settled.delete(device);
    const away = this.known.away(device);
    if (away !== undefined) this.#lanes.get(device)?.failAll(away);
    this.#settle(device);
    this.#lanes.get(device)?.pump();
  }

  #settle(device: string): void {
    if (!this.isReady(device) || !this.#listening.has(device) || this.#settled.has(device)) return;
    this.#settled.add(device);
    this.#world.guards.ready(device);
  }
}

function valueIn(spec: PointSpec, text: string): Value | undefined {
  const read = readValue(spec, text);
  return 'value' in read ? read.value : undefined;
}
