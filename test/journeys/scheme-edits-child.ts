// A real node whose devices write down in a file that they were opened, written to and closed:  <folder> <file>
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { defineOutput, type InputDriver } from '../../src/drivers/driver.ts';
import { makeHost } from '../../src/node/host.ts';
import { CATALOGUE } from '../../src/node/kinds.ts';
import { startNode } from '../../src/node.ts';
import { whole } from '../../src/schemes/fields.ts';

const level = { type: 'number', settable: true, range: [0, 1e9] } as const;
const flag = { type: 'boolean', settable: true } as const;

/** Remembers what it was told, as hardware does, and writes it down with the time. */
function makeDriver(book: number): InputDriver {
  const note = (...words: readonly unknown[]): void => {
    writeSync(book, `${words.join(' ')} ${performance.now()}\n`);
  };
  return defineOutput({
    kind: 'probe',
    summary: 'An output that writes down all that is done to it.',
    options: { number: whole('Which one it is.', { min: 0, max: 1_000 }) },
    points: { lamp: flag, level, other: level },
    example: { number: 1 },
    open: async ({ number }) => {
      note('open', number);
      return {
        listen: async (emit) => emit({ lamp: false, level: 0, other: 0 }),
        write: async ({ point, value }) => {
          note('write', number, point, value);
          return undefined;
        },
        close: async () => note('close', number),
      };
    },
  });
}

const [folder = '', acts = ''] = process.argv.slice(2);
const book = openSync(acts, 'a');
const driver = makeDriver(book);
const node = await startNode({
  paths: {
    config: join(folder, 'hanbus.yaml'),
    secrets: join(folder, 'secrets.env'),
    data: join(folder, 'data'),
    runtime: join(folder, 'run'),
  },
  environment: {},
  writeLog: ({ level: weight, text, fields }) =>
    process.stderr.write(`${weight} ${text} ${JSON.stringify(fields ?? {})}\n`),
  name: 'edits',
  host: { ...makeHost(), name: 'edits' },
  drivers: {
    driverOf: async (kind) => (kind === 'probe' ? driver : await CATALOGUE.driverOf(kind)),
    allKinds: async () => new Map([['probe', driver]]),
  },
});
process.stdout.write('ready\n');
process.once('SIGTERM', () => {
  void node.stop().then(() => {
    closeSync(book);
    process.exit(0);
  });
});
