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

/** What happens in it, and its faults, are told in the log. */
export async function openDemo(speed: number, writeLog: LogWriter): Promise<OpenDemo> {
  const clock = makeSystemClock();
  const tell = (text: string) => writeLog({ time: clock.now(), level: 'info', text: `demo: ${text}`, fields: {} });
  const folder = await mkdtemp(join(tmpdir(), 'hanbus-demo-'));
  const house = makeDemoPorts({
    clock,
    speed,
    pictures: folder,
    onFault: ({ about }, begins) => tell(begins ? about : `no more: ${about}`),
    onNews: tell,
  });
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
