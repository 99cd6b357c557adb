import { jsonIn } from '../schemes/json-text.ts';
import type { Value } from '../schemes/reading.ts';

/** A message that started a rule. Its JSON is parsed once, and only when a rule asks for a member. */
export interface Message {
  readonly topic: string;
  readonly payload: string;
  /** Undefined: not parsed yet, or no JSON. */
  json?: unknown;
  isParsed?: boolean;
}

/** All its members are there from the beginning: it is made for each message. */
export const makeMessage = (topic: string, payload: string): Message => ({
  topic,
  payload,
  json: undefined,
  isParsed: false,
});

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const isValue = (value: unknown): value is Value => value !== undefined && value !== null;

/** Its payload as JSON; undefined when it is none: each of its members is unknown then. */
export function jsonOf(message: Message): unknown {
  if (message.isParsed === true) return message.json;
  message.isParsed = true;
  message.json = jsonIn(message.payload);
  return message.json;
}

/** A member of its JSON, or the whole payload as text for an empty path; undefined when it is not there. */
export function memberOf(message: Message, path: readonly string[]): Value | undefined {
  if (path.length === 0) return message.payload;
  let at: unknown = jsonOf(message);
  for (const key of path) {
    if (!isRecord(at) || !Object.hasOwn(at, key)) return undefined;
    at = at[key];
  }
  return isValue(at) ? at : undefined;
}
