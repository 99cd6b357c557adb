import { sleep } from '../../kit/clock.ts';
import { HanbusError } from '../../kit/errors.ts';
import { askList, askScan, askStatus } from '../ask.ts';
import { type Door, openOrNone } from '../door.ts';
import { logLevel } from '../globals.ts';
import { problemLines } from '../problem-lines.ts';
import { runHere } from '../run-here.ts';
import { serviceUnit } from '../service-unit.ts';
import { spanText } from '../spans.ts';
import { changeLines, upLines } from '../up-screen.ts';
import type { Call, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'up',
  summary: 'find what is attached, publish it, stay there',
  group: 'run',
  first: 1,
  options: [
    { flags: '--name <name>', about: 'name of the node; default: the scheme, then the host name' },
    { flags: '--foreground', about: 'in this terminal, also where hanbus is installed as a service' },
  ],
  examples: [
    { line: 'hanbus up', about: 'no file and no question needed' },
    { line: 'hanbus up --name kitchen', about: 'with another name' },
    { line: 'hanbus up --config house.yaml', about: 'with a scheme of your own' },
  ],
  contract: 'status',
  async run(call) {
    const { world, paths, options, globals } = call;
    const bySystemd = (world.env.INVOCATION_ID ?? '') !== '';
    const running = await realNode(call);
    if (running !== undefined) return await showRunning(call, running);
    const isInstalled = !bySystemd && (await serviceUnit(world.files)) !== undefined;
    if (isInstalled && options.foreground !== true) return await startService(call);
    const name = typeof options.name === 'string' ? options.name : globals.node;
    const start = {
      ...paths,
      ...(name === undefined ? {} : { name }),
      env: world.env,
      logLevel: logLevel(globals, world),
    };
    const ending = bySystemd ? 'Kept running by systemd.' : 'In the foreground; Ctrl-C stops it.';
    return await runHere(call, start, () => ({ machineUptimeMs: world.machineUptimeMs(), ending }));
  },
};

/** The node that runs here already; a demo does not count. */
function realNode({ door, paths }: Call): Promise<Door | undefined> {
  return openOrNone({ door: () => door(paths.sockets) });
}

/** Only what is new since the last look, what is wrong, and where to see all. */
async function showRunning(call: Call, door: Door): Promise<number> {
  const { screen, globals } = call;
  const [scan, status] = [await askScan(door), await askStatus(door)];
  if (globals.json) {
    screen.json(status);
    return 0;
  }
  const uptimeMs = status.nodes.find(({ self }) => self)?.uptimeMs ?? 0;
  const changes = changeLines(scan, screen);
  const news = changes.length === 0 ? 'Nothing new is attached.' : 'What changed:';
  screen.out(`${screen.tint('bold', scan.node)} has been running for ${spanText(uptimeMs)}. ${news}`);
  for (const line of changes) screen.out(`  ${line}`);
  const problems = status.health.filter(({ severity }) => severity !== 'note');
  for (const line of problems.flatMap((problem) => problemLines(problem, screen))) screen.out(line);
  screen.out('All of it: hanbus status     Its devices and points: hanbus ls');
  return 0;
}

async function showWhole({ screen, globals, world }: Call, door: Door): Promise<number> {
  const [scan, status] = [await askScan(door), await askStatus(door)];
  const facts = { machineUptimeMs: world.machineUptimeMs(), ending: 'Kept running by systemd, also after a restart.' };
  if (globals.json) screen.json(status);
  else for (const line of upLines({ status, scan, list: await askList(door) }, screen, facts)) screen.out(line);
  return 0;
}

async function startService(call: Call): Promise<number> {
  const { world, screen } = call;
  screen.note('Starting the installed service: systemctl enable --now hanbus');
  const { code, err } = await world.exec('systemctl', ['enable', '--now', 'hanbus']);
  if (code !== 0) {
    throw new HanbusError('HB157', `systemctl may not start the service: ${err.trim() || `exit code ${code}`}`, {
      fix: 'sudo hanbus up',
    });
  }
  const { clock } = world;
  for (const until = clock.mono() + 10_000; clock.mono() < until; await sleep(clock, 100)) {
    const door = await realNode(call);
    if (door !== undefined) return await showWhole(call, door);
  }
  throw new HanbusError('HB154', 'the service was started, but does not answer', { fix: 'journalctl -u hanbus -e' });
}
