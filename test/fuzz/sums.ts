import type { BrokerCounts } from '../../src/broker/counts.ts';

/** What does not add up once nobody waits for anything; empty when all does. */
export function wrongSums(counts: BrokerCounts): string[] {
  const { expired, full, superseded, tooLarge, absent, gone, refused } = counts.dropped;
  const ended = counts.delivered + expired + full + superseded + tooLarge + absent + gone;
  const answered = counts.accepted + counts.repeated + refused;
  const wrong: string[] = [];
  if (counts.due !== ended) wrong.push(`due ${counts.due}, delivered and dropped ${ended}`);
  if (counts.messagesIn + counts.wills !== answered) {
    wrong.push(`in ${counts.messagesIn} and ${counts.wills} wills, answered ${answered}`);
  }
  return wrong;
}
