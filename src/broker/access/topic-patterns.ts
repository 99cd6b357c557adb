import { matches } from '../../bus/subscription.ts';

/** Stands for a level that is in no pattern. No topic has NUL in it. [MQTT-1.5.4-2] */
const ANY_LEVEL = '\u0000';

/** True when one of the patterns matches the topic. */
export function allowsTopic(patterns: readonly string[], topic: string): boolean {
  return patterns.some((pattern) => matches(pattern, topic));
}

/**
 * True when every topic that `filter` can match is matched by one of the patterns, each topic by any of them.
 * A level of `+` can be anything, also a word that is in no pattern: only a wildcard covers that, and what covers it
 * covers all. So one topic of such words stands for all of its length. `#` stands for every length; beyond the longest
 * pattern all lengths are alike.
 */
export function allowsFilter(patterns: readonly string[], filter: string): boolean {
  return typicalTopics(filter, longest(patterns)).every((topic) => allowsTopic(patterns, topic));
}

function typicalTopics(filter: string, longestPattern: number): string[] {
  const levels = filter.split('/');
  const isOpen = levels.at(-1) === '#';
  const fixed = (isOpen ? levels.slice(0, -1) : levels).map((level) => (level === '+' ? ANY_LEVEL : level));
  if (!isOpen) return [fixed.join('/')];
  const topics: string[] = [];
  for (let more = 0; more <= Math.max(1, longestPattern - fixed.length + 1); more += 1) {
    const topic = [...fixed, ...new Array<string>(more).fill(ANY_LEVEL)].join('/');
    // MQTT 5, 4.7.3: a topic has one character at least.
    if (topic !== '') topics.push(topic);
  }
  return topics;
}

function longest(patterns: readonly string[]): number {
  return Math.max(0, ...patterns.map((pattern) => pattern.split('/').length));
}

/** A pattern for one client. The caller has made sure that neither id nor name has + # / in it. */
export function fillPattern(pattern: string, { clientId, user }: { clientId: string; user: string }): string {
  return pattern.replaceAll(/%[cu]/g, (word) => (word === '%c' ? clientId : user));
}
