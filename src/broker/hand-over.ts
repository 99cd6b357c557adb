import type { AcknowledgedWay } from './acknowledged-way.ts';
import type { World } from './world.ts';

/**
 * What came through shared subscriptions goes to other members of their groups, but for QoS 2 that was sent already.
 * [MQTT-4.8.2-4] and 5. `mustBeReady`: only to those who can take it now.
 */
export function handOver(way: AcknowledgedWay, { bus, counts }: World, mustBeReady: boolean): void {
  way.giveAway(({ shared, message }) => {
    if (shared === undefined || !bus.shareAgain(shared, message, mustBeReady)) return false;
    counts.due -= 1; // it is due to the other one now
    return true;
  });
}
