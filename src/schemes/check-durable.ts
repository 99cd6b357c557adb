import type { CheckContext } from './check-context.ts';
import { isTopicFilter } from './credential.ts';
import { wrongSort, wrongValue } from './field-problems.ts';
import type { Path } from './path-problem.ts';
import { shortValue } from './yaml-value.ts';

/** `broker.durable`: topic filters whose messages are on the disk before they are acknowledged. */
export function checkDurable(raw: unknown, { problems }: CheckContext): readonly string[] {
  const path: Path = ['broker', 'durable'];
  if (!Array.isArray(raw)) {
    const fix = typeof raw === 'string' && isFilter(raw) ? `durable: ["${raw}"]` : undefined;
    problems.push(wrongSort('a list (of topic filters)', raw, path, fix));
    return [];
  }
  return raw.flatMap((item: unknown, index) => {
    if (typeof item === 'string' && isFilter(item)) return [item];
    const advice = 'write a topic, or a filter with + for one level and # for the rest: alarm/#';
    problems.push(wrongValue(`${shortValue(item)} is no topic filter`, advice, [...path, index], '"alarm/#"'));
    return [];
  });
}

/** `$` topics are not kept. */
const isFilter = (text: string): boolean => isTopicFilter(text) && !text.startsWith('$');
