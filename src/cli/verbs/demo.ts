import { HanbusError } from '../../kit/errors.ts';
import { isAlive } from '../door.ts';
import { logLevel } from '../globals.ts';
import { socketIn } from '../paths.ts';
import { runHere } from '../run-here.ts';
import type { UpFacts } from '../up-screen.ts';
import type { UpSummary } from '../up-world.ts';
import type { Call, Verb } from '../verb.ts';

const FASTEST = 3_600;

export const verb: Verb = {
  name: 'demo',
  summary: 'a simulated house on this computer, with days and faults',
  group: 'run',
  options: [
    { flags: '--speed <times>', about: 'how fast its day goes by; default 60: a day in 24 min' },
    { flags: '--name <name>', about: 'name of the node; default: the one in its scheme, kitchen' },
  ],
  examples: [
    { line: 'hanbus demo', about: 'then, in another terminal: hanbus watch' },
    { line: 'hanbus demo --speed 600', about: 'a day in two and a half minutes' },
    { line: 'hanbus demo --config house.yaml', about: 'the same house with a scheme of your own' },
  ],
  contract: 'status',
  async run(call) {
    const { options, paths, world, globals } = call;
    const speed = readSpeed(options.speed);
    if (await isAlive(world, socketIn(paths.demoRuntime))) {
      throw new HanbusError('HB125', 'a demo is running here already', { fix: 'hanbus watch' });
    }
    const scheme = globals.config === undefined ? 'own' : 'config';
    const start = {
      ...paths,
      runtime: paths.demoRuntime,
      ...(typeof options.name === 'string' ? { name: options.name } : {}),
      env: world.env,
      logLevel: logLevel(globals, world),
      demo: { speed, scheme } as const,
    };
    return await runHere(call, start, async (summary) => await factsOf(call, summary));
  },
};

function readSpeed(value: Call['options'][string]): number {
  if (value === undefined) return 60;
  const speed = Number(value);
  if (Number.isFinite(speed) && speed >= 1 && speed <= FASTEST) return speed;
  throw new HanbusError('HB150', `--speed ${String(value)} is not a number from 1 to ${FASTEST}`, {
    fix: 'hanbus demo --speed 60',
  });
}

/** The command for the second terminal is the one that works there: it names the demo when a real node runs too. */
async function factsOf({ world, paths }: Call, { status, list }: UpSummary): Promise<UpFacts> {
  const { HANBUS_RUNTIME: folder = '' } = world.env;
  const beside = await Promise.all(paths.sockets.map((socket) => isAlive(world, socket)));
  const name = beside.includes(true) ? ` --node ${list.node}` : '';
  const watch = `${folder === '' ? '' : `HANBUS_RUNTIME=${folder} `}hanbus watch${name}`;
  const [file] = status.nodes.find(({ self }) => self)?.scheme.files ?? [];
  return {
    ending: 'Ctrl-C ends it and leaves nothing behind.',
    next: [
      ['See it live, in another terminal:', watch],
      ...(file === undefined ? [] : [['Change it, and it is taken over at once:', file]]),
    ],
  };
}
