// A real node with outputs that write down what they do, to be ended at any moment:  <folder> <file of acts>
import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { defineOutput, type InputDriver } from '../../src/drivers/driver.ts';
import { makeHost } from '../../src/node/host.ts';
import { startNode } from '../../src/node.ts';
import { machineMs } from './events.ts';

const [folder = '', acts = ''] = process.argv.slice(2);
/** What the hardware did is outside: it survives whatever happens to the node. */
const world = openSync(acts, 'a');

const settable = { type: 'number', settable: true, range: [0, 1e12] } as const;
const measured = { type: 'number' } as const;

const driver: InputDriver = defineOutput({
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
    let count = 0;
    return {
      listen: async (emit) => {
        const timer = setInterval(() => {
          count += 1;
          emit({ r0: count, r1: count, r2: count, r3: count, r4: count });
        }, 50);
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

const node = await startNode({
  paths: {
    config: join(folder, 'hanbus.yaml'),
    secrets: join(folder, 'secrets.env'),
    data: join(folder, 'data'),
    runtime: join(folder, 'run'),
  },
  environment: {},
  writeLog: ({ level, text, fields }) => {
    if (level === 'error' || level === 'warn') process.stderr.write(`${level} ${text} ${JSON.stringify(fields)}\n`);
  },
  name: 'chaos',
  host: { ...makeHost(), name: 'chaos' },
  drivers: {
    driverOf: async (kind) => (kind === 'chaos' ? driver : undefined),
    allKinds: async () => new Map([['chaos', driver]]),
  },
});
process.stdout.write('ready\n');
process.once('SIGTERM', () => void node.stop().then(() => process.exit(0)));
