import { sleep } from '../../kit/clock.ts';
import { HanbusError } from '../../kit/errors.ts';
import { askStatus } from '../ask.ts';
import { type Door, isAlive, openOrNone } from '../door.ts';
import { serviceUnit } from '../service-unit.ts';
import type { Call, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'down',
  summary: 'stop the node',
  group: 'run',
  first: 8,
  examples: [{ line: 'hanbus down', about: 'stops it cleanly; an installed service does not start at boot any more' }],
  async run(call) {
    const door = await openOrNone(call);
    if (door === undefined) {
      call.screen.note('No node is running here; nothing to stop.');
      return 0;
    }
    const name = (await askStatus(door)).nodes.find(({ self }) => self)?.name ?? 'the node';
    await stop(call, door);
    call.screen.out(`${call.screen.tint('green', '✓')} ${name} has stopped.`);
    return 0;
  },
};

async function stop(call: Call, door: Door): Promise<void> {
  const isService = door.socket.startsWith('/run/hanbus/') && (await serviceUnit(call.world.files)) !== undefined;
  if (isService) await stopService(call);
  else await door.ask('stop', {});
  await waitUntilGone(call, door.socket);
}

async function stopService({ world }: Call): Promise<void> {
  const { code, err } = await world.exec('systemctl', ['disable', '--now', 'hanbus']);
  if (code === 0) return;
  throw new HanbusError('HB157', `systemctl may not stop the service: ${err.trim() || `exit code ${code}`}`, {
    fix: 'sudo hanbus down',
  });
}

/** A node takes 2 s at most to stop. */
async function waitUntilGone({ world }: Call, socket: string): Promise<void> {
  const { clock } = world;
  for (const until = clock.mono() + 5_000; clock.mono() < until; await sleep(clock, 50)) {
    if (!(await isAlive(world, socket))) return;
  }
  throw new HanbusError('HB154', 'the node was asked to stop, but still answers after 5 s', { fix: 'hanbus logs' });
}
