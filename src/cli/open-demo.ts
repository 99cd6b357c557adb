import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDemoPorts } from '../demo/demo-host.ts';
import { DEMO_SCHEME } from '../demo/scheme.ts';
import { makeSystemClock } from '../kit/clock.ts';
import type { LogWriter } from '../kit/log-output.ts';
import type { NodeOptions } from '../node.ts';

/** A simulated house that a node can run in. */
export interface OpenDemo {
  readonly host: NonNullable<NodeOptions['host']>;
  /** In a throw-away folder: the demo leaves nothing behind and meets nothing of a real node. */
  readonly paths: { readonly config: string; readonly secrets: string; readonly data: string };
  close(): Promise<void>;
}

/** Its faults are told in the log as they begin and end. */
export async function openDemo(speed: number, writeLog: LogWriter): Promise<OpenDemo> {
  const clock = makeSystemClock();
  const house = makeDemoPorts({
    clock,
    speed,
    onFault: ({ about }, begins) =>
      writeLog({
        time: clock.now(),
        level: 'info',
        text: begins ? `demo: ${about}` : `demo: no more: ${about}`,
        fields: {},
      }),
  });
  const folder = await mkdtemp(join(tmpdir(), 'hanbus-demo-'));
  const config = join(folder, 'hanbus.yaml');
  await writeFile(config, DEMO_SCHEME);
  return {
    host: { name: 'demo', ports: house.ports, clock, random: Math.random },
    paths: { config, secrets: join(folder, 'secrets.env'), data: join(folder, 'data') },
    async close() {
      house.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
