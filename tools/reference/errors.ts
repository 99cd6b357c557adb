import type { CodeFacts } from '../../src/schemes/code-facts.ts';
import { CODES, exitOf } from '../../src/schemes/codes.ts';
import type { GeneratedFile } from '../generated.ts';
import { fence, head, table } from './markdown.ts';

const ABOUT = `Every problem that hanbus can have carries a code: on the screen, in JSON, in the log and on the bus. A code never
changes its meaning. \`hanbus explain HB204\` tells the same as this page.`;

/** Codes by their first digits, with a heading for people. */
const GROUPS: readonly (readonly [from: number, to: number, title: string])[] = [
  [100, 149, 'Node, system and devices'],
  [150, 179, 'Commands and the running node'],
  [180, 199, 'Broker'],
  [200, 209, 'Scheme: files and keys'],
  [210, 219, 'Scheme: values and units'],
  [220, 229, 'Scheme: pins and places'],
  [230, 239, 'Scheme: names'],
  [240, 259, 'Scheme: filters and publish policy'],
  [260, 269, 'Scheme: included files'],
  [270, 279, 'Scheme: secrets'],
  [280, 289, 'Scheme: addresses of brokers'],
  [290, 299, 'Scheme: what comes later'],
  [300, 399, 'Names in rules and bridges'],
];

function section({ code, title, why, fix, example }: CodeFacts): string {
  const shown = example === undefined ? '' : `\n${fence(/^[a-z_]+:/m.test(example) ? 'yaml' : 'sh', example)}`;
  return `### ${code}\n\n**${title}.** ${why}\n\nFix: ${fix}\n${shown}\nExit code: ${exitOf(code)}\n`;
}

export function errorsPage(codes: readonly CodeFacts[] = CODES): GeneratedFile {
  const index = codes.map(({ code, title }) => [`[${code}](#${code.toLowerCase()})`, title]);
  const parts = GROUPS.flatMap(([from, to, title]) => {
    const members = codes.filter(({ code }) => Number(code.slice(2)) >= from && Number(code.slice(2)) <= to);
    return members.length === 0 ? [] : [`## ${title}\n`, ...members.map(section)];
  });
  const text = [head('Errors', ABOUT), table(['code', 'what it says'], index), ...parts].join('\n');
  return { path: 'docs/reference/errors.md', text };
}
