import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Broker, openBroker } from '../../src/broker/broker.ts';
import { Bus } from '../../src/bus/bus.ts';
import { textOf } from '../../src/bus/message.ts';
import { makeSystemClock } from '../../src/kit/clock.ts';
import { makeFakeLog } from '../fakes/log.ts';
import { freePort, type Program, start, until } from './mqtt-programs.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const nodeRed = join(root, '.cache', 'node-red', 'node_modules', 'node-red', 'red.js');
const bus = new Bus((error) => {
  throw error;
});
let broker: Broker;
let program: Program | undefined;
let folder = '';

beforeAll(async () => {
  if (!existsSync(nodeRed)) {
    throw new Error('Node-RED is not installed in .cache/node-red: run `node tools/get-node-red.mjs` first.');
  }
  broker = openBroker({ bus, clock: makeSystemClock(), log: makeFakeLog().log });
  const { port } = await broker.listenTcp({ port: 0 });
  folder = mkdtempSync(join(tmpdir(), 'hanbus-node-red-'));
  writeFileSync(join(folder, 'flows.json'), JSON.stringify(flows(port)));
  const settings = {
    flowFile: 'flows.json',
    uiHost: '127.0.0.1',
    httpAdminRoot: false,
    diagnostics: { enabled: false },
  };
  writeFileSync(
    join(folder, 'settings.js'),
    `module.exports = ${JSON.stringify({ ...settings, telemetry: { enabled: false } })};`,
  );
  const settingsFile = join(folder, 'settings.js');
  const args = [nodeRed, '--userDir', folder, '--settings', settingsFile, '--port', String(await freePort())];
  program = start(process.execPath, args, { cwd: folder });
});

afterAll(async () => {
  await program?.stop();
  await broker?.stop();
  if (folder !== '') rmSync(folder, { recursive: true, force: true });
});

/** What comes on `from/hanbus/#` goes out on `from/node-red`, by one broker configuration of MQTT 5 and one of 3.1.1. */
function flows(port: number): object[] {
  const brokerNode = (version: '4' | '5') => ({
    id: `broker${version}`,
    type: 'mqtt-broker',
    broker: '127.0.0.1',
    port: String(port),
    clientid: '',
    autoConnect: true,
    usetls: false,
    protocolVersion: version,
    keepalive: '60',
    cleansession: true,
    autoUnsubscribe: true,
    sessionExpiry: '',
  });
  const pair = (version: '4' | '5') => [
    {
      id: `in${version}`,
      type: 'mqtt in',
      z: 'tab',
      topic: `from/hanbus/${version}/#`,
      qos: '2',
      datatype: 'auto-detect',
      broker: `broker${version}`,
      nl: false,
      rap: true,
      rh: 0,
      inputs: 0,
      wires: [[`out${version}`]],
    },
    {
      id: `out${version}`,
      type: 'mqtt out',
      z: 'tab',
      topic: `from/node-red/${version}`,
      qos: '1',
      retain: 'false',
      broker: `broker${version}`,
      wires: [],
    },
  ];
  return [
    { id: 'tab', type: 'tab', label: 'test', disabled: false },
    ...[brokerNode('4'), brokerNode('5'), ...pair('4'), ...pair('5')],
  ];
}

describe('a real Node-RED', () => {
  it.each(['4', '5'])('gets what is retained and what comes, and answers, MQTT version %s', async (version) => {
    const heard: string[] = [];
    const leave = bus.subscribe(`from/node-red/${version}`, (message) => void heard.push(textOf(message)), {
      origin: 'test',
    });
    bus.publish({ topic: `from/hanbus/${version}/a`, payload: 'kept', retain: true, qos: 1, origin: 'test' });
    await until(`Node-RED subscribes: ${program?.lines.join(' | ')}`, () => heard.includes('kept'));
    const reading = { value: 21.5, unit: '°C', quality: 'good', epoch: 1, sequence: 1 } as const;
    bus.publish({
      topic: `from/hanbus/${version}/b`,
      payload: { reading, form: 'plain' },
      qos: 2,
      // A Node-RED that has just started may subscribe anew: then what is retained comes again, as MQTT says.
      retain: true,
      origin: 'publisher',
    });
    await until('the reading', () => heard.includes('21.5'));
    expect(heard[0]).toBe('kept');
    expect([...new Set(heard)]).toEqual(['kept', '21.5']);
    leave();
  });
});
