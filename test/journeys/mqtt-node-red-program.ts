import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, type Program, start } from './mqtt-programs.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const nodeRed = join(root, '.cache', 'node-red', 'node_modules', 'node-red', 'red.js');

/** A real Node-RED with these flows and an empty memory. Throws when it is not installed. */
export async function startNodeRed(flows: readonly object[]): Promise<Program> {
  if (!existsSync(nodeRed)) {
    throw new Error('Node-RED is not installed in .cache/node-red: run `node tools/get-node-red.mjs` first.');
  }
  const folder = mkdtempSync(join(tmpdir(), 'hanbus-node-red-'));
  writeFileSync(join(folder, 'flows.json'), JSON.stringify(flows));
  const settings = {
    flowFile: 'flows.json',
    uiHost: '127.0.0.1',
    httpAdminRoot: false,
    mqttReconnectTime: 250,
    diagnostics: { enabled: false },
    telemetry: { enabled: false },
  };
  // Not .js: a package.json above the folder may say that this is a module.
  const settingsFile = join(folder, 'settings.cjs');
  writeFileSync(settingsFile, `module.exports = ${JSON.stringify(settings)};`);
  const args = [nodeRed, '--userDir', folder, '--settings', settingsFile, '--port', String(await freePort())];
  const program = start(process.execPath, args, { cwd: folder });
  return {
    ...program,
    async stop(signal) {
      await program.stop(signal);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The tab that the nodes below are on. */
export const TAB = { id: 'tab', type: 'tab', label: 'test', disabled: false };

/** A broker configuration as the editor of Node-RED writes it. */
export function brokerNode(id: string, port: number, version: '4' | '5', more: object = {}): object {
  return {
    id,
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
    ...more,
  };
}

/** What comes on a filter goes out on a topic. */
export function relay(
  name: string,
  broker: string,
  from: readonly [filter: string, qos: string],
  to: string,
): object[] {
  const common = { z: 'tab', broker };
  const [topic, qos] = from;
  const incoming = { datatype: 'auto-detect', nl: false, rap: true, rh: 0, inputs: 0, wires: [[`out${name}`]] };
  return [
    { id: `in${name}`, type: 'mqtt in', topic, qos, ...common, ...incoming },
    { id: `out${name}`, type: 'mqtt out', topic: to, qos: '1', retain: 'false', ...common, wires: [] },
  ];
}
