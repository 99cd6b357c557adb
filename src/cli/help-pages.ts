import { capital } from '../schemes/capital.ts';
import { columns, described } from './columns.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { GLOBAL_OPTIONS } from './globals.ts';
import type { Screen } from './screen.ts';
import type { Argument, Verb, VerbGroup } from './verb.ts';
import { wrap } from './wrap.ts';

const SENTENCE =
  'hanbus turns this board into a node of your home: it finds what is attached and publishes it over MQTT.';

export const GROUPS: Readonly<Record<VerbGroup, string>> = {
  run: 'Run a node',
  look: 'Look at it',
  scheme: 'Scheme files',
  learn: 'Learn',
};

const VARIABLES = [
  ['  HANBUS_CONFIG', 'the main scheme file'],
  ['  HANBUS_DATA, HANBUS_RUNTIME', 'the folders of what lasts and of the control socket'],
  ['  HANBUS_NODE', 'name of the node that up starts'],
  ['  HANBUS_LOG', 'error, warn, info or debug'],
  ['  HANBUS_NO_INPUT', 'never ask anything'],
  ['  HANBUS_PUBLISH__EVERY=30s', 'any key of a scheme, over the file: parts in capitals, two underscores between'],
] as const;

const GROUP_ORDER: readonly VerbGroup[] = ['run', 'look', 'scheme', 'learn'];

/** `hanbus` alone: the verbs that a newcomer needs, each with one example. */
export function firstLines(verbs: readonly Verb[], screen: Screen): string[] {
  const first = verbs.filter((verb) => verb.first !== undefined).toSorted((a, b) => (a.first ?? 0) - (b.first ?? 0));
  const rows = first.map(
    ({ examples, summary, name }) =>
      [`  ${screen.tint('bold', examples[0]?.line ?? `hanbus ${name}`)}`, summary] as const,
  );
  return [
    ...wrap(SENTENCE, screen.columns),
    '',
    ...described(rows, screen.columns).flat(),
    '',
    'All verbs: hanbus help     One of them: hanbus help watch',
    'No board at hand? hanbus demo',
  ];
}

export function overviewLines(verbs: readonly Verb[], screen: Screen): string[] {
  const rows = verbs.map((verb) => ({ verb, row: [`  ${screen.tint('bold', usageOf(verb))}`, verb.summary] as const }));
  const lines = described([...rows.map(({ row }) => row), ...GLOBAL_OPTIONS.map(optionRow)], screen.columns);
  const blocks = GROUP_ORDER.flatMap((group) => [
    '',
    GROUPS[group],
    ...lines.filter((_, index) => rows[index]?.verb.group === group).flat(),
  ]);
  return [
    ...wrap(SENTENCE, screen.columns),
    ...blocks,
    '',
    'Flags of every verb',
    ...lines.slice(rows.length).flat(),
    '',
    'Variables, weaker than flags',
    ...described(VARIABLES, screen.columns).flat(),
    '',
    'Exit codes: hanbus help exit     An error: hanbus explain HB204',
  ];
}

/** One verb, whole: usage, arguments, flags, examples. */
export function pageLines(verb: Verb, screen: Screen): string[] {
  const { summary, contract, examples } = verb;
  const rows = [
    ...(verb.arguments ?? []).map(({ name, about }) => [`  ${name}`, about] as const),
    ...(verb.options ?? []).map(optionRow),
    ...examples.map(({ line, about }) => [`  ${screen.tint('bold', line)}`, about] as const),
  ];
  const lines = described(rows, screen.columns);
  const told = rows.length - examples.length;
  const json =
    contract === undefined ? [] : ['', `--json answers as ${contract}/1: hanbus schema --contract ${contract}`];
  return [
    `${screen.tint('bold', `hanbus ${usageOf(verb)}`)}${(verb.options ?? []).length > 0 ? ' [flags]' : ''}`,
    `${capital(summary)}.`,
    ...(told > 0 ? ['', ...lines.slice(0, told).flat()] : []),
    '',
    'Examples',
    ...lines.slice(told).flat(),
    ...json,
    '',
    'Flags of every verb: hanbus help',
  ];
}

export function exitLines(): string[] {
  return [
    'Exit codes of hanbus',
    '',
    ...columns(
      EXIT_CODES.map(({ code, meaning }) => [`  ${code}`, meaning]),
      ['right'],
    ),
  ];
}

/** `read <point...>` */
export function usageOf({ name, arguments: args = [] }: Pick<Verb, 'name' | 'arguments'>): string {
  return [name, ...args.map(argumentText)].join(' ');
}

function argumentText({ name, many, required, words }: Argument): string {
  const word = words?.length === 1 && required === true ? words[0] : undefined;
  if (word !== undefined) return word;
  const inner = `${name}${many === true ? '...' : ''}`;
  return required === true ? `<${inner}>` : `[${inner}]`;
}

function optionRow({ flags, about }: { readonly flags: string; readonly about: string }): readonly [string, string] {
  return [`  ${flags}`, about];
}
