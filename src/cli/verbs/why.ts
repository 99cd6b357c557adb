import { askWhy } from '../ask-rules.ts';
import type { Verb } from '../verb.ts';
import { pathLines, ruleLines } from '../why-lines.ts';

export const verb: Verb = {
  name: 'why',
  summary: 'why a rule did or did not run, or where a value comes from',
  group: 'look',
  arguments: [{ name: 'what', about: 'a rule, a point or a variable', required: true, completes: 'what' }],
  options: [{ flags: '--long', about: 'every run that is kept, with its steps' }],
  examples: [
    { line: 'hanbus why cool', about: 'the last run, the present values, what would have to change' },
    { line: 'hanbus why pump', about: 'which device and driver, who commanded it last, which rules use it' },
    { line: 'hanbus why home.mode', about: 'who set a variable of the home' },
  ],
  contract: 'why',
  async run({ words, globals, options, screen, world, door }) {
    const [what = ''] = words;
    const answer = await askWhy(await door(), what);
    if (globals.json) {
      screen.json(answer);
      return 0;
    }
    const now = world.clock.now();
    const { rule, point } = answer;
    if (rule !== undefined) {
      for (const line of ruleLines(rule, { screen, now, long: options.long === true })) screen.out(line);
    }
    if (point !== undefined) for (const line of pathLines(point, { screen, now })) screen.out(line);
    return 0;
  },
};
