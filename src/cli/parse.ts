import { Command, CommanderError, Argument as Positional } from 'commander';
import { HanbusError } from '../kit/errors.ts';
import { GLOBAL_OPTIONS } from './globals.ts';
import { counted } from './spans.ts';
import type { Verb } from './verb.ts';

export interface Parsed {
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | readonly string[]>>;
}

/**
 * The words and flags of a call of one verb. `argv` is without the program name; flags may stand before the verb.
 * Throws HB150 with the usage as the fix.
 */
export function parseCall(verb: Verb, argv: readonly string[]): Parsed {
  let words: readonly string[] = [];
  const program = quiet(new Command('hanbus'));
  for (const { flags, about } of GLOBAL_OPTIONS) program.option(flags, about);
  const command = quiet(program.command(verb.name)).allowExcessArguments(false);
  for (const { flags, about, many } of verb.options ?? []) {
    if (many === true) command.option<string[]>(flags, about, (text, before) => [...before, text], []);
    else command.option(flags, about);
  }
  for (const argument of verb.arguments ?? []) command.addArgument(positional(argument));
  command.action((...given: unknown[]) => {
    words = given.slice(0, verb.arguments?.length ?? 0).flatMap(wordsOf);
  });
  try {
    program.parse([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) throw usageError(verb, error);
    throw error;
  }
  return { words, options: textsAndFlags(command.optsWithGlobals()) };
}

function textsAndFlags(options: Readonly<Record<string, unknown>>): Record<string, string | boolean | string[]> {
  const known: Record<string, string | boolean | string[]> = {};
  for (const [name, value] of Object.entries(options)) {
    if (typeof value === 'string' || typeof value === 'boolean') known[name] = value;
    if (Array.isArray(value)) known[name] = value.map(String);
  }
  return known;
}

function quiet(command: Command): Command {
  return command
    .exitOverride()
    .helpOption(false)
    .helpCommand(false)
    .configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
}

function positional({ name, about, required, many, words }: NonNullable<Verb['arguments']>[number]): Positional {
  const inner = many === true ? `${name}...` : name;
  const argument = new Positional(required === true ? `<${inner}>` : `[${inner}]`, about);
  return words === undefined ? argument : argument.choices([...words]);
}

function wordsOf(given: unknown): string[] {
  if (Array.isArray(given)) return given.map(String);
  return typeof given === 'string' ? [given] : [];
}

function usageError(verb: Verb, error: CommanderError): HanbusError {
  return new HanbusError('HB150', messageOf(verb, error), { fix: `hanbus help ${verb.name}` });
}

function messageOf({ name, arguments: args = [] }: Verb, { code, message }: CommanderError): string {
  const [first = ''] = message.match(/(?<=')[^']+(?=')/g) ?? [];
  if (code === 'commander.missingArgument') return `${name} needs <${first}>`;
  if (code === 'commander.optionMissingArgument') return `${first.split(' ')[0]} needs ${first.split(' ')[1]}`;
  if (code === 'commander.invalidArgument') {
    const words = args.find((argument) => argument.words !== undefined)?.words ?? [];
    return `${name}: "${first.slice(0, 40)}" is not ${words.join(' or ')}`;
  }
  if (code === 'commander.excessArguments') {
    const extra = /but got .*$/.exec(message)?.[0].replace(/\.$/, '') ?? '';
    return `${name} takes ${counted(args.length, 'word')}, ${extra}`;
  }
  const plain = message
    .replace(/^error: /, '')
    .replace(/\s+/g, ' ')
    .replace(/'/g, '"');
  return `${name}: ${plain}`;
}
