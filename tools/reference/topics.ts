import { TOPIC_FACTS } from '../../src/schemes/topics.ts';
import type { GeneratedFile } from '../generated.ts';
import { code, head, table } from './markdown.ts';

export function topicsPage(): GeneratedFile {
  const rows = TOPIC_FACTS.map(({ pattern, payload, retained }) => [code(pattern), payload, retained]);
  const text = [
    head('Topics', 'Every topic that a node publishes or answers to. Names in `<>` stand for your own.'),
    table(['topic', 'what it carries', 'retained'], rows),
    'Values are plain text: `21.5`, `on`, `Hello`. Clients that speak MQTT 5 also get unit, time, quality, epoch and',
    'sequence as the user properties `u t q e s`. A request or a change of a policy that is retained is refused.',
    'The [guide](../guide/mqtt.md) shows each of them at work.',
    '',
  ].join('\n');
  return { path: 'docs/reference/topics.md', text };
}
