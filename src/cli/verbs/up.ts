import { sleep } from '../../kit/clock.ts';
import { HanbusError } from '../../kit/errors.ts';
import { askList, askScan, askStatus } from '../ask.ts';
import { type Door, openOrNone } from '../door.ts';
import { logLevel } from '../globals.ts';
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
    const running = await openOrNone(call);
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
    return await runHere(call, start, ending);
  },
};

async function showRunning(call: Call, door: Door): Promise<number> {
  const { screen, globals, world } = call;
  const [scan, status] = [await askScan(door), await askStatus(door)];
  if (globals.json) {
    screen.json(status);
    return 0;
  }
  const uptimeMs = status.nodes.find(({ self }) => self)?.uptimeMs ?? 0;
  for (const line of changeLines(scan, screen)) screen.out(line);
  const ending = `It has been running for ${spanText(uptimeMs)}.`;
  const facts = { machineUptimeMs: world.machineUptimeMs(), ending };
  for (const line of upLines({ status, scan, list: await askList(door) }, screen, facts)) screen.out(line);
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
    const door = await openOrNone(call);
    if (door !== undefined) return await showRunning(call, door);
  }
  throw new HanbusError('HB154', 'the service was started, but does not answer', { fix: 'journalctl -u hanbus -e' });
}
