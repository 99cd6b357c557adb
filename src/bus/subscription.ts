import type { Message, Origin } from './message.ts';

/** One subscription: a local handler, a filter of an MQTT session, a bridge, a peer. The bus compares by identity. */
export interface Subscription {
  /** An MQTT filter with `+` and `#`, or `$share/<group>/<filter>`. */
  readonly filter: string;
  /** Who listens. */
  readonly origin: Origin;
  /** True: messages of this very origin are not delivered to it. */
  readonly noLocal?: boolean;
  /** Must not throw and must not wait; a slow listener queues on its own side. */
  deliver(message: Message): void;
  /** A member of a shared group may say that it can take nothing now. Default: it can. */
  isReady?(): boolean;
}

const SHARED = /^\$share\/([^/+#]+)\/(.+)$/s;

/** The group and the inner filter of a shared filter, or undefined for an ordinary one. */
export function parseShared(filter: string): { readonly group: string; readonly filter: string } | undefined {
  const match = SHARED.exec(filter);
  if (match === null) return undefined;
  return { group: match[1] ?? '', filter: match[2] ?? '' };
}

/** True when `filter` (not a shared one) matches `topic`. MQTT 5, 4.7: `$` topics hide from leading wildcards. */
export function matches(filter: string, topic: string): boolean {
  if (topic.startsWith('$') && (filter.startsWith('+') || filter.startsWith('#'))) return false;
  const want = filter.split('/');
  const have = topic.split('/');
  for (let level = 0; level < want.length; level += 1) {
    if (want[level] === '#') return true;
    if (level >= have.length) return false;
    if (want[level] !== '+' && want[level] !== have[level]) return false;
  }
  return want.length === have.length;
}
