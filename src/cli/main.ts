import { HanbusError } from '../kit/errors.ts';
import { loadVerb, VERBS } from './catalog.ts';
import { type Door, openDoor } from './door.ts';
import { type Told, tellFailure } from './failure.ts';
import { GLOBAL_OPTIONS, readGlobals } from './globals.ts';
import { everySocket, findPaths } from './paths.ts';
import { makeScreen, type Screen, type ScreenFlags } from './screen.ts';
import type { Call } from './verb.ts';
import type { World } from './world.ts';

/** The program `hanbus`: runs the command line of this process and ends it. */
export async function main(): Promise<void> {
  const { endProcess, makeProcessWorld, onBug } = await import('./process-world.ts');
  const argv = process.argv.slice(2);
  const world = makeProcessWorld();
  // The timers of hanbus keep no process alive, so something must while a command waits.
  const alive = setInterval(() => undefined, 2_147_483_647);
  onBug((error) => tellFailure(error, makeScreen(world, flagsOf(argv)), toldOf(argv)).then(endProcess));
  const code = await run(argv, world);
  clearInterval(alive);
  await endProcess(code);
}

/** Runs one command line; `argv` is without the program. Answers with the exit code and never throws. */
export async function run(argv: readonly string[], world: World): Promise<number> {
  const screen = makeScreen(world, flagsOf(argv));
  try {
    return await dispatch(argv, world, screen);
  } catch (error) {
    return await tellFailure(error, screen, toldOf(argv));
  }
}

// Also for what goes wrong before the flags are understood.
function flagsOf(argv: readonly string[]): ScreenFlags {
  return { colour: !argv.includes('--no-color'), quiet: argv.includes('--quiet') };
}

function toldOf(argv: readonly string[]): Told {
  return { json: argv.includes('--json'), verbose: argv.includes('--verbose') };
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
  const door = async (sockets = everySocket(paths)) =>
    patientDoor(await openDoor(world, sockets, globals), world, screen);
  const asked: Call = { words, options, globals, paths, screen, world, door };
  return await verb.run(asked);
}

/** Says what it waits for when an answer takes longer than a second. */
function patientDoor(door: Door, { clock }: World, screen: Screen): Door {
  return {
    ...door,
    async ask(verb, args, timeoutMs) {
      const cancel = clock.after(1_000, () => screen.note(`Waiting for the node to answer "${verb}" ...`));
      try {
        return await door.ask(verb, args, timeoutMs);
      } finally {
        cancel();
      }
    },
  };
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

/** Words of other programs, and what hanbus calls them. They are suggested, never run. */
const HABITS: Readonly<Record<string, string>> = {
  devices: 'ls',
  format: 'fmt',
  get: 'read',
  lint: 'check',
  list: 'ls',
  monitor: 'watch',
  run: 'up',
  show: 'ls',
  start: 'up',
  stop: 'down',
  sub: 'watch',
  tail: 'watch',
  validate: 'check',
  version: 'info',
};

async function unknownVerb(name: string): Promise<HanbusError> {
  const { nearest } = await import('../schemes/near.ts');
  const near = HABITS[name] ?? nearest(name, Object.keys(VERBS));
  const shown = name.slice(0, 40);
  return near === undefined
    ? new HanbusError('HB151', `there is no verb "${shown}"`, { fix: 'hanbus help' })
    : new HanbusError('HB151', `there is no verb "${shown}". Did you mean ${near}?`, { fix: `hanbus ${near}` });
}
