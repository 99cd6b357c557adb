import type { PolicyAnswer } from '../../schemes/contracts.ts';
import { expectAnswer } from '../door.ts';
import type { Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'undo',
  summary: 'take back the last change of a publish policy',
  group: 'scheme',
  arguments: [{ name: 'point', about: 'device.point; the last change of any point when left out', completes: 'point' }],
  examples: [
    { line: 'hanbus undo', about: 'the last change, whichever it was' },
    { line: 'hanbus undo board.load', about: 'the last change of this point' },
  ],
  contract: 'publish',
  async run({ words: [point], globals, screen, door }) {
    const result = await (await door()).ask('undo', point === undefined ? {} : { point: point.replaceAll('/', '.') });
    const answer = expectAnswer<PolicyAnswer>(result, 'publish/1');
    if (globals.json) {
      screen.json(answer);
      return 0;
    }
    const policy = Object.entries(answer.policy).map(([key, value]) => `${key}: ${wordOf(value)}`);
    screen.out(
      `${screen.tint('green', '✓')} ${answer.point} is published as before: ${policy.join(', ') || 'by default'}`,
    );
    return 0;
  },
};

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
