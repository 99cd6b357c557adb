import { HanbusError } from '../../kit/errors.ts';
import { nearest } from '../../schemes/near.ts';
import { loadVerb, loadVerbs, VERBS } from '../catalog.ts';
import { exitLines, firstLines, overviewLines, pageLines } from '../help-pages.ts';
import type { Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'help',
  summary: 'all verbs, or how one is used',
  group: 'learn',
  arguments: [{ name: 'verb', about: 'a verb, or exit for the exit codes', completes: 'verb' }],
  options: [{ flags: '--first', about: 'only the eight that a newcomer needs, as hanbus alone prints them' }],
  examples: [
    { line: 'hanbus help', about: 'all verbs' },
    { line: 'hanbus help watch', about: 'one verb with its flags and examples' },
    { line: 'hanbus help exit', about: 'what the exit codes mean' },
  ],
  async run({ words: [name], options, screen }) {
    for (const line of await linesOf(name, options.first === true, screen)) screen.out(line);
    return 0;
  },
};

type Paint = Parameters<typeof pageLines>[1];

async function linesOf(name: string | undefined, first: boolean, screen: Paint): Promise<string[]> {
  if (name === 'exit') return exitLines();
  if (name === undefined)
    return first ? firstLines(await loadVerbs(), screen) : overviewLines(await loadVerbs(), screen);
  const found = await loadVerb(name);
  if (found !== undefined) return pageLines(found, screen);
  const near = nearest(name, [...Object.keys(VERBS), 'exit']);
  throw new HanbusError(
    'HB151',
    `there is no verb "${name.slice(0, 40)}"${near === undefined ? '' : `. Did you mean ${near}?`}`,
    {
      fix: near === undefined ? 'hanbus help' : `hanbus help ${near}`,
    },
  );
}
