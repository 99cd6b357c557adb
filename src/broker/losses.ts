import type { Message } from '../bus/message.ts';
import { type DropCounts, type DropReason, makeDrops } from './counts.ts';
import type { Link } from './link.ts';
import type { Stampable } from './stampable.ts';
import type { World } from './world.ts';

/** What one session did not get, and what it is not to get; counted for it and for the whole broker. */
export class Losses {
  /** `refused`: what its client may not say. */
  readonly counts: DropCounts = makeDrops();
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  drop(reason: DropReason, count = 1): void {
    this.counts[reason] += count;
    this.#world.counts.dropped[reason] += count;
  }

  /** Its time is over: it is dropped. [MQTT-3.3.2-5] */
  isExpired({ props }: Message): boolean {
    if (props?.expiresAt === undefined || props.expiresAt > this.#world.clock.now()) return false;
    this.drop('expired');
    return true;
  }

  /** [MQTT-3.1.2-24] and 25: a packet that is too large for the client is dropped as if it had been sent. */
  isTooLarge({ start, end }: Stampable, { maxPacket }: Link): boolean {
    if (end - start <= maxPacket) return false;
    this.drop('tooLarge');
    return true;
  }
}
