import type { ControlVerb } from '../../schemes/control.ts';
import type { Credential } from '../../schemes/credential.ts';
import { parseTopic } from '../../schemes/topics.ts';
import type { Rights } from '../access.ts';
import { REASON } from '../reason.ts';
import { RETAINED_COMMAND, type Refusal, type TopicRights, type Wish } from '../topic-rights.ts';
import { isCommandTopic } from '../topic-rules.ts';
import { patternsOf, sharedReads } from './device-patterns.ts';
import { allowsFilter, allowsTopic, fillPattern } from './topic-patterns.ts';

/** Who the rights are for. */
export interface Bearer {
  readonly credential: Credential;
  /** Stands for `%c`. */
  readonly clientId: string;
  /** What anybody may write. */
  readonly topicRights: TopicRights;
}

/** Every topic but those that start with $. MQTT 5, 4.7.2. */
const EVERYTHING = '#';
/** Counters of the whole broker tell who else is there and how busy. */
const BROKER_TOPICS = '$SYS/#';

/** Verbs that only look, that command, or that `undo` takes back. Any other verb changes the node and is for an admin. */
const OPERATOR_VERBS: readonly ControlVerb[] = [
  'commands',
  'config',
  'history',
  'info',
  'list',
  'logs',
  'outbox',
  'publish',
  'read',
  'rules',
  'scan',
  'set',
  'status',
  'undo',
  'variable',
  'why',
];

const NOT_ALLOWED: Refusal = {
  reason: REASON.notAuthorised,
  code: 'HB194',
  why: 'the login of this client does not open this topic',
};
const ADMIN_ONLY: Refusal = {
  reason: REASON.notAuthorised,
  code: 'HB194',
  why: 'this verb changes the node; only an admin may ask for it',
};

/** What a client with this credential may read and write. */
export function makeRights({ credential, clientId, topicRights }: Bearer): Rights {
  const { name, role } = credential;
  const filled = (patterns: readonly string[]) =>
    patterns.map((pattern) => fillPattern(pattern, { clientId, user: name }));
  const reads = filled(readPatterns(credential));
  const writes = filled(writePatterns(credential));
  const writesAll = writes.includes(EVERYTHING);
  return {
    name,
    role,
    read: (filter) => (allowsFilter(reads, filter) ? undefined : NOT_ALLOWED),
    write: (wish) => {
      const refusal = topicRights(wish);
      if (refusal !== undefined) return refusal;
      if (!writesAll && !allowsTopic(writes, wish.topic)) return NOT_ALLOWED;
      return roleRefusal(role, wish);
    },
  };
}

function roleRefusal(role: Rights['role'], { topic, retain, isEmpty }: Wish): Refusal | undefined {
  if (role === 'device') return retain && !isEmpty && isDeviceCommand(topic) ? RETAINED_COMMAND : undefined;
  return role === 'admin' || !isAdminRequest(topic) ? undefined : ADMIN_ONLY;
}

function readPatterns({ role, prefix, clientId, read }: Credential): readonly string[] {
  if (role === 'device') {
    return prefix === undefined ? read : [...patternsOf(prefix), ...sharedReads(clientId), ...read];
  }
  if (read.length > 0) return read;
  return role === 'admin' ? [EVERYTHING, BROKER_TOPICS] : [EVERYTHING];
}

function writePatterns({ role, prefix, write }: Credential): readonly string[] {
  if (role === 'viewer') return [];
  if (role === 'device') return prefix === undefined ? write : [...patternsOf(prefix), ...write];
  return write.length > 0 ? write : [EVERYTHING];
}

/** A device commands by what hanbus, Tasmota and most others use. */
function isDeviceCommand(topic: string): boolean {
  return topic.startsWith('cmnd/') || topic.endsWith('/set') || isCommandTopic(topic);
}

function isAdminRequest(topic: string): boolean {
  const [first, verb] = parseTopic(topic)?.rest ?? [];
  return first === '$req' && !OPERATOR_VERBS.some((one) => one === verb);
}

/** True when a pattern of the credential depends on the client id. */
export function usesClientId({ read, write }: Credential): boolean {
  return [...read, ...write].some((pattern) => pattern.includes('%c'));
}

/** The same for everybody who comes in on this machine: an operator who also sees the counters of the broker, as `ss` and `ps` show them too. */
export function makeLocalRights(name: string, topicRights: TopicRights): Rights {
  const read = [EVERYTHING, BROKER_TOPICS];
  const credential: Credential = { name, role: 'operator', read, write: [], plain: true, certificates: [] };
  return makeRights({ credential, clientId: '', topicRights });
}
