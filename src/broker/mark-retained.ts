import { bytesOf, type Message } from '../bus/message.ts';
import type { World } from './world.ts';

/** A client has put a message on the bus: when it is retained, what the shelf has of its topic is old. */
export function markRetained({ shelf }: World, message: Message): void {
  if (shelf === undefined || !message.retain) return;
  const length = message.payloadLength ?? bytesOf(message).length;
  shelf.markRetained(message.topic, length, message.isDurable);
}
