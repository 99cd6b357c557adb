import { loadVerbs } from '../../src/cli/catalog.ts';
import { GLOBAL_OPTIONS } from '../../src/cli/globals.ts';
import type { Argument, Option, Verb } from '../../src/cli/verb.ts';
import type { GeneratedFile } from '../generated.ts';
import { code, fence, head, table } from './markdown.ts';

const ABOUT = `\`hanbus <verb>\`; in a checkout \`npx hanbus <verb>\`. \`hanbus help <verb>\` tells the same. With \`--json\` a verb prints
[JSON of a known shape](json.md).`;

function usage({ name, arguments: words = [] }: Verb): string {
  const shown = words.map(({ name: word, required, many }) => {
    const text = many === true ? `${word}...` : word;
    return required === true ? `<${text}>` : `[${text}]`;
  });
  return ['hanbus', name, ...shown].join(' ');
}

const argumentRow = ({ name, about, words = [] }: Argument): string[] => [
  code(name),
  [about, ...words.map(code)].join(' '),
];
const optionRow = ({ flags, about }: Option): string[] => [code(flags), about];

function section(verb: Verb): string {
  const rows = [...(verb.arguments ?? []).map(argumentRow), ...(verb.options ?? []).map(optionRow)];
  const json = verb.contract === undefined ? [] : [`JSON: [${verb.contract}](json.md#${verb.contract})`, ''];
  const examples = verb.examples.map(({ line, about }) => `${line}   # ${about}`).join('\n');
  return [
    `## ${verb.name}`,
    '',
    `${verb.summary}.`,
    '',
    fence('sh', usage(verb)),
    ...(rows.length === 0 ? [] : [table(['word or flag', 'about'], rows)]),
    ...json,
    ...(examples === '' ? [] : [fence('sh', examples)]),
  ].join('\n');
}

export async function verbsPage(): Promise<GeneratedFile> {
  const verbs = await loadVerbs();
  const index = verbs.map(({ name, summary }) => [`[${name}](#${name})`, summary]);
  const flags = table(['flag', 'about'], GLOBAL_OPTIONS.map(optionRow));
  const text = [
    head('Verbs', ABOUT),
    table(['verb', 'what it does'], index),
    '## Flags of every verb',
    '',
    flags,
    ...verbs.map(section),
  ].join('\n');
  return { path: 'docs/reference/verbs.md', text };
}
