import type { OutboxAnswer } from '../schemes/outbox-contracts.ts';
import type { Outbox } from './outbox.ts';
import type { Counts } from './tally.ts';

/** Topics that are told of each reader. */
const MOST_TOPICS = 100;

/** `hanbus outbox`: what waits, for whom, and what became of the rest. */
export function outboxAnswer(node: string, outbox: Outbox): OutboxAnswer {
  const { readers, written, refused, ...facts } = outbox.status;
  return {
    hanbus: 'outbox/1',
    node,
    ...facts,
    written: { ...written },
    refused: { ...refused },
    readers: Object.entries(readers).map(([name, counts]) => ({
      name,
      ...rowOf(counts),
      topics: topicsOf(outbox, name),
    })),
  };
}

const rowOf = (counts: Counts) => ({ ...counts, dropped: { ...counts.dropped } });

function topicsOf(outbox: Outbox, reader: string): OutboxAnswer['readers'][number]['topics'] {
  return Array.from(outbox.countsByTopic(reader), ([topic, counts]) => ({ topic, ...rowOf(counts) }))
    .sort((one, other) => concern(other) - concern(one) || (one.topic < other.topic ? -1 : 1))
    .slice(0, MOST_TOPICS);
}

/** What waits, and what is lost against anybody's will. */
function concern({ queued, expired, dropped: { age, full, damage } }: Counts): number {
  return queued + expired + age + full + damage;
}
