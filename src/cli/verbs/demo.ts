import { HanbusError } from '../../kit/errors.ts';
import { openOrNone } from '../door.ts';
import { logLevel } from '../globals.ts';
import { runHere } from '../run-here.ts';
import type { Call, Verb } from '../verb.ts';

const FASTEST = 3_600;

export const verb: Verb = {
  name: 'demo',
  summary: 'a simulated house on this computer, with days and faults',
  group: 'run',
  options: [
    { flags: '--speed <times>', about: 'how fast its day goes by; default 60: a day in 24 min' },
    { flags: '--name <name>', about: 'name of the node; default demo' },
  ],
  examples: [
    { line: 'hanbus demo', about: 'then, in another terminal: hanbus watch' },
    { line: 'hanbus demo --speed 600', about: 'a day in two and a half minutes' },
  ],
  contract: 'status',
  async run(call) {
    const { options, paths, world, globals } = call;
    const speed = readSpeed(options.speed);
    const running = await openOrNone(call);
    if (running !== undefined) {
      throw new HanbusError('HB125', 'a node is running here already; a demo beside it needs a folder of its own', {
        fix: 'HANBUS_RUNTIME=/tmp/hanbus-demo hanbus demo',
      });
    }
    const name = typeof options.name === 'string' ? options.name : 'demo';
    // The scheme of a real node is not for a simulated one; another may be tried with --config.
    const config = globals.config === undefined ? `${paths.runtime}/demo.yaml` : paths.config;
    const start = { ...paths, config, name, env: world.env, logLevel: logLevel(globals, world), demo: { speed } };
    return await runHere(call, start, endingOf(call));
  },
};

function readSpeed(value: string | boolean | undefined): number {
  if (value === undefined) return 60;
  const speed = Number(value);
  if (Number.isFinite(speed) && speed >= 1 && speed <= FASTEST) return speed;
  throw new HanbusError('HB150', `--speed ${String(value)} is not a number from 1 to ${FASTEST}`, {
    fix: 'hanbus demo --speed 60',
  });
}

function endingOf({ world }: Call): string {
  const own = (world.env.HANBUS_RUNTIME ?? '') === '' ? '' : `HANBUS_RUNTIME=${world.env.HANBUS_RUNTIME} `;
  return `A simulated house; Ctrl-C ends it. Look at it from another terminal: ${own}hanbus watch`;
}
