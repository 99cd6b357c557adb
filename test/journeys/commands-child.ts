// A real node with relays on a simulated chip that writes down each write:  <folder> <file of acts> <file of the mood>
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LineRequest, OpenLine } from '../../src/drivers/ports/gpio-line.ts';
import { makeSimulatedGpio } from '../../src/drivers/ports/simulated/gpio.ts';
import { Unavailable } from '../../src/kit/errors.ts';
import { makeHost } from '../../src/node/host.ts';
import { startNode } from '../../src/node.ts';

const [folder = '', acts = '', moodFile = ''] = process.argv.slice(2);
const host = makeHost();
const gpio = makeSimulatedGpio({ clock: host.clock });
const mood = (): string => readFileSync(moodFile, 'utf8');
const pause = () => new Promise((resolve) => setTimeout(resolve, 20));

/** `hang gpio5`: a write is never answered. `lose gpio5`: the line fails. `hold gpio5`: it does not open. */
function watched(line: OpenLine, { line: name }: LineRequest): OpenLine {
  const check = () => {
    if (mood() === `lose ${name}`) throw new Unavailable(`${name} is gone`);
  };
  return {
    async read() {
      check();
      return await line.read();
    },
    async write(active) {
      check();
      if (mood() === `hang ${name}`) await new Promise(() => undefined);
      await line.write(active);
      appendFileSync(acts, `${name}=${active ? 'on' : 'off'}\n`);
    },
    watch: (watcher) => line.watch(watcher),
    close: () => line.close(),
  };
}

async function request(wanted: LineRequest): Promise<OpenLine> {
  while (mood() === `hold ${wanted.line}`) await pause();
  return watched(await gpio.request(wanted), wanted);
}

const timeSync = { state: async () => ({ synced: true, errorMs: 1, source: 'simulated' }) };
const ports = { ...host.ports, gpio: { ...gpio, request }, timeSync };
const node = await startNode({
  paths: {
    config: join(folder, 'hanbus.yaml'),
    secrets: join(folder, 'secrets.env'),
    data: join(folder, 'data'),
    runtime: join(folder, 'run'),
  },
  environment: {},
  writeLog: ({ level, text, fields }) => process.stderr.write(`${level} ${text} ${JSON.stringify(fields)}\n`),
  host: { ...host, name: 'gates', ports },
});
if (!mood().startsWith('hold')) await node.firstReadings;
process.stdout.write('ready\n');
