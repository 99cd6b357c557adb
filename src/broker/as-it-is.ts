import type { Message } from '../bus/message.ts';
import type { Link } from './link.ts';
import { WireMessage } from './wire-message.ts';

/** The packet as it came, where it is what this client is to get: only its retain flag may be another. */
export function asItIs(message: Message, qos: number, ids: readonly number[], link: Link): WireMessage | undefined {
  const isSame = message instanceof WireMessage && message.qos === qos && ids.length === 0 && isFor(message, link);
  return isSame ? message : undefined;
}

const isFor = ({ isFive }: WireMessage, { version, aliases }: Link): boolean =>
  isFive === (version === 5) && aliases === undefined;
