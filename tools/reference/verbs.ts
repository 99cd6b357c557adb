import { GROUPS } from '../../src/cli/help-pages.ts';
import { type VerbFacts, verbFacts } from '../../src/cli/verb-facts.ts';
import type { GeneratedFile } from '../generated.ts';
import { code, fence, head, table } from './markdown.ts';

type VerbFact = VerbFacts['verbs'][number];

const ABOUT = `\`hanbus <verb>\`; in a checkout \`npx hanbus <verb>\`. \`hanbus help <verb>\` tells the same. With \`--json\` a verb prints
[JSON of a known shape](json.md).`;

function wordRows({ arguments: words = [] }: VerbFact): string[][] {
  return words.map(({ name, about, words: allowed = [] }) => [code(name), [about, ...allowed.map(code)].join(' ')]);
}

function flagRows(options: VerbFact['options'] = []): string[][] {
  return options.map(({ flags, about }) => [code(flags), about]);
}

function section(verb: VerbFact): string {
  const rows = [...wordRows(verb), ...flagRows(verb.options)];
  const examples = verb.examples.map(({ line, about }) => `${line}   # ${about}`).join('\n');
  return [
    `## ${verb.name}`,
    '',
    `${verb.summary.charAt(0).toUpperCase()}${verb.summary.slice(1)}.`,
    '',
    fence('text', `hanbus ${verb.usage}`),
    ...(rows.length === 0 ? [] : [table(['word or flag', 'about'], rows)]),
    ...(verb.contract === undefined ? [] : [`JSON: [${verb.contract}](json.md#${verb.contract})`, '']),
    ...(examples === '' ? [] : [fence('sh', examples)]),
  ].join('\n');
}

function index(verbs: readonly VerbFact[]): string {
  const groups = Map.groupBy(verbs, ({ group }) => group);
  const rows = Object.values(GROUPS).flatMap((group) =>
    (groups.get(group) ?? []).map(({ name, summary }, place) => [
      place === 0 ? group : '',
      `[${name}](#${name})`,
      summary,
    ]),
  );
  return table(['to', 'verb', 'what it does'], rows);
}

export async function verbsPage(): Promise<GeneratedFile> {
  const { verbs, globals, exitCodes } = await verbFacts();
  const text = [
    head('Verbs', ABOUT),
    index(verbs),
    '## Flags of every verb\n',
    table(['flag', 'about'], flagRows(globals)),
    '## Exit codes\n',
    table(
      ['code', 'means'],
      exitCodes.map((exit) => [String(exit.code), exit.meaning]),
    ),
    ...verbs.map(section),
  ].join('\n');
  return { path: 'docs/reference/verbs.md', text };
}
