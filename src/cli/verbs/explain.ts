import { HanbusError } from '../../kit/errors.ts';
import type { CodeFacts } from '../../schemes/code-facts.ts';
import { CODES, exitOf, explain } from '../../schemes/codes.ts';
import type { ExplainAnswer } from '../../schemes/contracts.ts';
import type { Screen } from '../screen.ts';
import type { Verb } from '../verb.ts';
import { wrap } from '../wrap.ts';

export const verb: Verb = {
  name: 'explain',
  summary: 'what an error code means and what to do',
  group: 'learn',
  arguments: [{ name: 'code', about: 'HB and three digits; all codes when left out', completes: 'code' }],
  examples: [
    { line: 'hanbus explain HB204', about: 'one code' },
    { line: 'hanbus explain', about: 'all codes, one line each' },
  ],
  contract: 'explain',
  async run({ words: [code], globals, screen }) {
    const facts = code === undefined ? CODES : [factsOf(code)];
    if (globals.json) screen.json(answerOf(facts));
    else if (code === undefined) for (const { code: known, title } of facts) screen.out(`${known}  ${title}`);
    else for (const line of facts.flatMap((one) => pageLines(one, screen))) screen.out(line);
    return 0;
  },
};

function answerOf(facts: readonly CodeFacts[]): ExplainAnswer {
  return { hanbus: 'explain/1', codes: facts.map((one) => ({ ...one, exit: exitOf(one.code) })) };
}

function factsOf(code: string): CodeFacts {
  const facts = explain(code);
  if (facts !== undefined) return facts;
  const near = nearestCode(code);
  throw new HanbusError(
    'HB155',
    `there is no code "${code.slice(0, 40)}"${near === undefined ? '' : `. The nearest is ${near}`}`,
    {
      fix: `hanbus explain${near === undefined ? '' : ` ${near}`}`,
    },
  );
}

/** Codes further apart are about something else. */
const FAR = 20;

/** By number, since neighbours are about the same thing. */
function nearestCode(text: string): string | undefined {
  const digits = /\d{1,4}/.exec(text)?.[0];
  if (digits === undefined) return undefined;
  const away = ({ code }: CodeFacts) => Math.abs(Number(code.slice(2)) - Number(digits));
  const [near] = CODES.toSorted((one, other) => away(one) - away(other));
  return near !== undefined && away(near) <= FAR ? near.code : undefined;
}

function pageLines({ code, title, why, fix, example }: CodeFacts, screen: Screen): string[] {
  const wide = Math.min(100, screen.columns);
  const lines = [`${screen.tint('bold', code)}  ${title}`, '', ...wrap(why, wide), '', ...wrap(`Fix: ${fix}`, wide)];
  const shown = example === undefined ? [] : ['', ...example.split('\n').map((line) => `    ${line}`)];
  return [...lines, ...shown, '', `A command that ends with it has exit code ${exitOf(code)}.`];
}
