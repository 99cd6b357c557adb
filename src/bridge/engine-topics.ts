import { parseTopic, ROOT } from '../schemes/topics.ts';

/** Whatever comes from the engine has this origin. */
export const ENGINE_ORIGIN = 'engine';

/** The plain values of a node's points. */
export const pointFilter = (node: string): string => `${ROOT}/${node}/+/+`;

/**
 * The filters for what a node says to its engine. Written out level by level: one for everything would show interest
 * in every `$v`, and make all of them.
 */
export function outboundFilters(node: string): readonly string[] {
  const own = `${ROOT}/${node}`;
  return [`${own}/+`, `${own}/+/+`, `${own}/+/+/$ack`, `${own}/+/+/$publish`];
}

/** Below `hanbus/<node>/`; nothing of hanbus goes deeper than half of it. */
const MOST_LEVELS = 8;

/** What a message from the engine is for. */
export type Purpose = 'command' | 'foreign' | 'own' | 'none';

/** `command`: for this node to act on; `own`: said by this node; `foreign`: said by another; `none`: not for here. */
export function purposeOf(topic: string, node: string): Purpose {
  const parts = parseTopic(topic);
  if (parts === undefined || parts.rest.length > MOST_LEVELS) return 'none';
  const isCommand = isCommandPath(parts.rest);
  if (parts.node === node) return isCommand ? 'command' : 'own';
  return isCommand ? 'none' : 'foreign';
}

function isCommandPath(rest: readonly string[]): boolean {
  const last = rest.at(-1);
  return last === 'set' || last === '$cmd' || rest[0] === '$req';
}
