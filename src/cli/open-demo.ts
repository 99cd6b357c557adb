import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDemoPorts } from '../demo/demo-host.ts';
import { makeSystemClock } from '../kit/clock.ts';
import type { LogWriter } from '../kit/log-output.ts';
import type { NodeOptions } from '../node.ts';

/** A simulated house that a node can run in. */
export interface OpenDemo {
  readonly host: NonNullable<NodeOptions['host']>;
  /** A throw-away folder: the demo leaves nothing behind and meets nothing of a real node. */
  readonly paths: { readonly data: string };
  close(): Promise<void>;
}

/** Its faults are told in the log as they begin and end. */
export async function openDemo({ speed }: { readonly speed: number }, writeLog: LogWriter): Promise<OpenDemo> {
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
  const data = await mkdtemp(join(tmpdir(), 'hanbus-demo-'));
  return {
    host: { name: 'demo', ports: house.ports, clock, random: Math.random },
    paths: { data },
    async close() {
      house.stop();
      await rm(data, { recursive: true, force: true });
    },
  };
}
