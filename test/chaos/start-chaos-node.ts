import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { defineOutput, type InputDriver } from '../../src/drivers/driver.ts';
import type { LogWriter } from '../../src/kit/log-output.ts';
import { type Host, makeHost } from '../../src/node/host.ts';
import { CATALOGUE } from '../../src/node/kinds.ts';
import { type RunningNode, startNode } from '../../src/node.ts';
import { machineMs } from './events.ts';
import { actsIn } from './outside.ts';
import { startRecords } from './records.ts';

const settable = { type: 'number', settable: true, range: [0, 1e12] } as const;
const measured = { type: 'number' } as const;

/** All five inputs change so often: 200 readings a second. */
const READ_MS = 25;

/** `write` writes a value down at once, wherever that is. */
function makeDriver(world: number): InputDriver {
  return defineOutput({
    kind: 'chaos',
    summary: 'Outputs whose acts are written down by themselves, and inputs that never rest.',
    options: {},
    points: {
      p0: settable,
      p1: settable,
      p2: settable,
      r0: measured,
      r1: measured,
      r2: measured,
      r3: measured,
      r4: measured,
    },
    example: {},
    open: async (_options, { signal }) => {
      return {
        listen: async (emit) => {
          const from = machineMs();
          let count = 0;
          const timer = setInterval(() => {
            for (; count * READ_MS < machineMs() - from; count += 1)
              emit({ r0: count, r1: count, r2: count, r3: count, r4: count });
          }, READ_MS);
          signal.addEventListener('abort', () => clearInterval(timer));
        },
        write: async ({ value }) => {
          if (Math.random() < 0.3) await sleep(Math.random() * 8);
          writeSync(world, `${Number(value)} ${machineMs()}\n`);
          if (Math.random() < 0.3) await sleep(Math.random() * 8);
          return undefined;
        },
        close: async () => undefined,
      };
    },
  });
}

/** This machine, with a clock that is set: commands that say when they were given are believed. */
function timedHost(): Host {
  const host = makeHost();
  const timeSync = { state: async () => ({ synced: true, errorMs: 1, source: 'chaos' }) };
  return { ...host, name: 'chaos', ports: { ...host.ports, timeSync } };
}

/**
 * A real node in a folder, with outputs that write down what they do, and an outbox that tells what it accepts: outside,
 * whatever happens to the node.
 */
export async function startChaosNode(folder: string, writeLog: LogWriter): Promise<Pick<RunningNode, 'stop'>> {
  const world = openSync(actsIn(folder), 'a');
  const driver = makeDriver(world);
  const node = await startNode({
    paths: {
      config: join(folder, 'hanbus.yaml'),
      secrets: join(folder, 'secrets.env'),
      data: join(folder, 'data'),
      runtime: join(folder, 'run'),
    },
    environment: {},
    writeLog,
    name: 'chaos',
    host: timedHost(),
    drivers: {
      driverOf: async (kind) => (kind === 'chaos' ? driver : await CATALOGUE.driverOf(kind)),
      allKinds: async () => new Map([['chaos', driver]]),
    },
  });
  const endRecords = await startRecords(folder, writeLog);
  return {
    async stop() {
      await endRecords();
      await node.stop();
      closeSync(world);
    },
  };
}
