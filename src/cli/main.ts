import { HanbusError } from '../kit/errors.ts';
import { loadVerb, VERBS } from './catalog.ts';
import { openDoor } from './door.ts';
import { tellFailure } from './failure.ts';
import { GLOBAL_OPTIONS, readGlobals } from './globals.ts';
import { findPaths } from './paths.ts';
import { makeScreen, type Screen } from './screen.ts';
import type { Call } from './verb.ts';
import type { World } from './world.ts';

/** Runs one command line; `argv` is without the program. Answers with the exit code and never throws. */
export async function run(argv: readonly string[], world: World): Promise<number> {
  const flags = { colour: !argv.includes('--no-color'), quiet: argv.includes('--quiet') };
  const screen = makeScreen(world, flags);
  const told = { json: argv.includes('--json'), verbose: argv.includes('--verbose') };
  try {
    return await dispatch(argv, world, screen);
  } catch (error) {
    return await tellFailure(error, screen, told);
  }
}

async function dispatch(argv: readonly string[], world: World, screen: Screen): Promise<number> {
  const [name, index] = findVerb(argv);
  const rest = argv.filter((_, at) => at !== index);
  if (rest.includes('--version') && (name === undefined || name === 'help')) return await version(screen);
  if (name === undefined) return await call('help', ['help', '--first', ...withoutHelp(rest)], world, screen);
  if (wantsHelp(argv)) return await call('help', ['help', name], world, screen);
  return await call(name, argv, world, screen);
}

async function call(name: string, argv: readonly string[], world: World, screen: Screen): Promise<number> {
  const verb = await loadVerb(name);
  if (verb === undefined) throw await unknownVerb(name);
  const { parseCall } = await import('./parse.ts');
  const { words, options } = parseCall(verb, argv);
  const globals = readGlobals(options, world);
  const paths = findPaths(world, globals.config);
  const door = () => openDoor(world, paths, globals);
  const asked: Call = { words, options, globals, paths, screen, world, door };
  return await verb.run(asked);
}

const TAKES_VALUE = GLOBAL_OPTIONS.filter(({ flags }) => flags.includes('<')).map(({ flags }) => flags.split(' ')[0]);

/** The first word that is neither a flag nor the value of one, and where it stands. */
function findVerb(argv: readonly string[]): readonly [string | undefined, number] {
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    if (!word.startsWith('-')) return [word, index];
    if (TAKES_VALUE.includes(word)) index += 1;
  }
  return [undefined, -1];
}

function wantsHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  const flags = end < 0 ? argv : argv.slice(0, end);
  return flags.includes('--help') || flags.includes('-h');
}

function withoutHelp(argv: readonly string[]): string[] {
  return argv.filter((word) => word !== '--help' && word !== '-h');
}

async function version(screen: Screen): Promise<number> {
  const { VERSION } = await import('../schemes/version.ts');
  screen.out(`hanbus ${VERSION}`);
  return 0;
}

async function unknownVerb(name: string): Promise<HanbusError> {
  const { nearest } = await import('../schemes/near.ts');
  const near = nearest(name, Object.keys(VERBS));
  const shown = name.slice(0, 40);
  return near === undefined
    ? new HanbusError('HB151', `there is no verb "${shown}"`, { fix: 'hanbus help' })
    : new HanbusError('HB151', `there is no verb "${shown}". Did you mean ${near}?`, { fix: `hanbus ${near}` });
}
