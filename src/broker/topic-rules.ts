import { parseShared } from '../bus/subscription.ts';
import { isFilterShape } from '../schemes/topic-filter.ts';
import { parseTopic, ROOT } from '../schemes/topics.ts';

/** Deeper topics and filters are refused, so no lookup goes deep. */
const MAX_LEVELS = 200;

/** MQTT 5, 4.7: at least one character, no wildcard. NUL was refused before. */
export function isTopicName(topic: string): boolean {
  return topic !== '' && !/[+#]/.test(topic) && !isDeep(topic);
}

/** MQTT 5, 4.7.1 and 4.8.2: wildcards fill a whole level, `#` the last one; a shared filter has a name and a filter. */
export function isTopicFilter(filter: string): boolean {
  if (!filter.startsWith('$share/')) return filter !== '' && isPlainFilter(filter);
  const shared = parseShared(filter);
  return shared !== undefined && isPlainFilter(shared.filter);
}

/** Whether the filter is a shared one. */
export function isShared(filter: string): boolean {
  return filter.startsWith('$share/');
}

/** Topics that start with `$` belong to the broker; clients may read them only. MQTT 5, 4.7.2. */
export function isReserved(topic: string): boolean {
  return topic.startsWith('$');
}

/** Whether a message on this topic makes a node act. Such a message must not be retained: it would act again later. */
export function isCommandTopic(topic: string): boolean {
  const rest = topic.startsWith(ROOT) ? parseTopic(topic)?.rest : undefined;
  if (rest === undefined) return false;
  const last = rest.at(-1);
  return last === 'set' || last === '$cmd' || rest[0] === '$req';
}

const isPlainFilter = (filter: string): boolean => !isDeep(filter) && isFilterShape(filter);

function isDeep(text: string): boolean {
  let levels = 1;
  for (let at = text.indexOf('/'); at >= 0; at = text.indexOf('/', at + 1)) levels += 1;
  return levels > MAX_LEVELS;
}
