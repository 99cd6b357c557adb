import { type Message, textOf } from '../bus/message.ts';
import type { CommandAck } from '../schemes/command.ts';

/** The answer of another node to a command; undefined: nobody can read it. */
export function readAck(message: Message): CommandAck | undefined {
  try {
    const parsed: unknown = JSON.parse(textOf(message));
    return isAck(parsed) ? parsed : undefined;
  } catch {
    return undefined; // not an answer that anybody can read
  }
}

function isAck(value: unknown): value is CommandAck {
  if (typeof value !== 'object' || value === null) return false;
  return 'id' in value && typeof value.id === 'string' && 'st' in value && typeof value.st === 'string';
}
