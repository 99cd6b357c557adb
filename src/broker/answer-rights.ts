import { ROOT } from '../schemes/topics.ts';
import type { Rights } from './access.ts';
import type { Refusal } from './topic-rights.ts';
import { isCommandTopic, isReserved } from './topic-rules.ts';

/**
 * Why a client may not ask for an answer there, or undefined. The node answers requests with its own rights, so whoever
 * asks must be allowed to write there too. In topics of hanbus and of the broker it writes no such answer.
 */
export function answerRefusal(rights: Rights, topic: string, answerTo: string | undefined): Refusal | undefined {
  if (answerTo === undefined || !isCommandTopic(topic)) return undefined;
  if (isReserved(answerTo) || answerTo.split('/')[0] === ROOT) return undefined;
  return rights.write({ topic: answerTo, retain: false, isEmpty: false });
}
