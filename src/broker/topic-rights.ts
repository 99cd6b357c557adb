import { parseTopic, ROOT } from '../schemes/topics.ts';
import { REASON } from './reason.ts';
import { isCommandTopic, isReserved } from './topic-rules.ts';

/** Why a message does not reach the bus. */
export interface Refusal {
  readonly reason: number;
  readonly code: string;
  readonly why: string;
}

/** A message that wants to go to the bus. */
export interface Wish {
  readonly topic: string;
  readonly retain: boolean;
  readonly isEmpty: boolean;
}

/** Why a client may not say this, or undefined. */
export type TopicRights = (wish: Wish) => Refusal | undefined;

const RESERVED: Refusal = {
  reason: REASON.notAuthorised,
  code: 'HB182',
  why: 'topics that start with $ belong to the broker',
};
const OWNED: Refusal = {
  reason: REASON.notAuthorised,
  code: 'HB188',
  why: 'only the node itself writes its readings and states; clients write to .../set and $req/<verb>',
};
/** For everybody: a command is not to be retained. */
export const RETAINED_COMMAND: Refusal = {
  reason: REASON.refusedHere,
  code: 'HB181',
  why: 'a retained command would run again at every restart',
};

/**
 * What MQTT clients may write. Below `hanbus/<node>/` the node alone speaks, so nobody can forge a reading or a state;
 * clients ask there. Clearing a retained command is allowed: HB181 advises it. No node: nothing is owned.
 */
export function makeTopicRights(node: string | undefined): TopicRights {
  const own = `${ROOT}/${node}`;
  const isOwn = (topic: string) =>
    node !== undefined && topic.startsWith(own) && (topic.length === own.length || topic[own.length] === '/');
  return ({ topic, retain, isEmpty }) => {
    if (isReserved(topic)) return RESERVED;
    if (isOwn(topic) && !isAsking(parseTopic(topic)?.rest ?? [])) return OWNED;
    return retain && !isEmpty && isCommandTopic(topic) ? RETAINED_COMMAND : undefined;
  };
}

/** `$req/<verb>`, `<device>/<point>/set` and `$cmd`, the same of `$group/<name>`, `$scene/<name>`; `$publish/set` of node, device and point. */
function isAsking(rest: readonly string[]): boolean {
  const [first, second] = rest;
  if (first === '$req') return rest.length === 2;
  const last = rest.at(-1);
  if (last === 'set' && rest.at(-2) === '$publish') return rest.length <= 4;
  const isTarget = isPlain(first) || first === '$group' || first === '$scene';
  return rest.length === 3 && (last === 'set' || last === '$cmd') && isTarget && isPlain(second);
}

const isPlain = (level: string | undefined): boolean => level !== undefined && !level.startsWith('$');
