import type { OutboxAnswer } from '../../schemes/outbox-contracts.ts';
import { expectAnswer } from '../door.ts';
import { outboxLines } from '../outbox-lines.ts';
import type { Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'outbox',
  summary: 'what waits for destinations that are away, and what was lost',
  group: 'look',
  examples: [
    { line: 'hanbus outbox', about: 'accepted = delivered + queued + expired + replaced + lost, for each destination' },
    { line: 'hanbus outbox --json', about: 'the same for machines, with up to 100 topics each' },
  ],
  contract: 'outbox',
  async run({ door, screen, globals }) {
    const answer = expectAnswer<OutboxAnswer>(await (await door()).ask('outbox', {}), 'outbox/1');
    if (globals.json) screen.json(answer);
    else for (const line of outboxLines(answer, screen)) screen.out(line);
    return 0;
  },
};
