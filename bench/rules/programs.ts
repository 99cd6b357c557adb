import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'mqtt-packet';
import { isInstalled } from '../../tools/setup/debian.mjs';
import { NODE_FLAGS } from '../../tools/setup/pinned-node.mjs';
import { inRoot } from '../../tools/setup/root.mjs';
import { openClient, openSubscriber, sleep, until } from '../broker/client.ts';
import { Counter } from '../broker/wire.ts';
import { freePort } from '../node-process.ts';

/** Something that runs rules between two topics. */
export interface RuleProgram {
  readonly name: string;
  readonly missing?: string;
  /** Starts it with so many rules; resolves when the last of them answers. */
  start(rules: number): Promise<RunningProgram>;
}

export interface RunningProgram {
  readonly port: number;
  /** Of all processes that a message goes through. */
  readonly pids: readonly number[];
  stop(): Promise<void>;
}

const PATIENCE_MS = 120_000;
const NODE_RED = inRoot('.cache', 'node-red', 'node_modules', 'node-red', 'red.js');

/** What all of them do: `v` over 50 goes out as `v * 1.8 + 32`, with the other members of the message. */
export const PROGRAMS: readonly RuleProgram[] = [
  { name: 'hanbus', start: startHanbus },
  {
    name: 'node-red',
    start: startNodeRed,
    ...(isInstalled('mosquitto') && existsSync(NODE_RED) ? {} : { missing: 'Node-RED or Mosquitto is not installed' }),
  },
];

async function startHanbus(rules: number): Promise<RunningProgram> {
  const folder = mkdtempSync(join(tmpdir(), 'hanbus-bench-'));
  const port = await freePort();
  mkdirSync(join(folder, 'run'));
  writeFileSync(join(folder, 'hanbus.yaml'), `broker: {listen: ${port}}\nrules:\n${hanbusRules(rules)}`);
  const node = begin(process.execPath, [...NODE_FLAGS, inRoot('dist', 'hanbus.mjs'), 'up'], {
    HANBUS_CONFIG: join(folder, 'hanbus.yaml'),
    HANBUS_DATA: join(folder, 'data'),
    HANBUS_RUNTIME: join(folder, 'run'),
    HANBUS_NODE: 'bench',
  });
  return await ready({ port, parts: [node], folder, rules });
}

function hanbusRules(rules: number): string {
  const one = (number: number) =>
    [
      `  r${number}:`,
      `    when: message "bench/in/${number}"`,
      '    if: message.v > 50',
      `    then: {publish: {topic: bench/out/${number}, json: {v: "= message.v * 1.8 + 32"}, over: message}}`,
    ].join('\n');
  return `${Array.from({ length: rules }, (_, number) => one(number)).join('\n')}\n`;
}

async function startNodeRed(rules: number): Promise<RunningProgram> {
  const folder = mkdtempSync(join(tmpdir(), 'hanbus-bench-'));
  const port = await freePort();
  writeFileSync(
    join(folder, 'mosquitto.conf'),
    `listener ${port} 127.0.0.1\nallow_anonymous true\nlog_type none\nset_tcp_nodelay true\n`,
  );
  writeFileSync(join(folder, 'flows.json'), JSON.stringify(nodeRedFlows(rules, port)));
  const settings = { flowFile: 'flows.json', uiHost: '127.0.0.1', httpAdminRoot: false, telemetry: { enabled: false } };
  writeFileSync(join(folder, 'settings.cjs'), `module.exports = ${JSON.stringify(settings)};`);
  const broker = begin('mosquitto', ['-c', join(folder, 'mosquitto.conf')]);
  const web = String(await freePort());
  const flags = [NODE_RED, '--userDir', folder, '--settings', join(folder, 'settings.cjs'), '--port', web];
  return await ready({ port, parts: [begin(process.execPath, flags), broker], folder, rules });
}

/** `mqtt in`, `switch`, `change`, `mqtt out`, as its editor writes them. */
function nodeRedFlows(rules: number, port: number): object[] {
  const broker = {
    id: 'broker',
    type: 'mqtt-broker',
    broker: '127.0.0.1',
    port: String(port),
    autoConnect: true,
    usetls: false,
    protocolVersion: '4',
    keepalive: '60',
    cleansession: true,
  };
  const one = (number: number): object[] => {
    const common = { z: 'tab' };
    const limit = { t: 'gt', v: '50', vt: 'num' };
    const change = { t: 'set', p: 'payload.v', pt: 'msg', to: 'payload.v * 1.8 + 32', tot: 'jsonata' };
    const input = {
      topic: `bench/in/${number}`,
      qos: '0',
      datatype: 'json',
      broker: 'broker',
      nl: false,
      rap: true,
      rh: 0,
      inputs: 0,
    };
    const output = { topic: `bench/out/${number}`, qos: '0', retain: 'false', broker: 'broker', wires: [] };
    return [
      { id: `in${number}`, type: 'mqtt in', ...common, ...input, wires: [[`sw${number}`]] },
      {
        ...{ id: `sw${number}`, type: 'switch', ...common, property: 'payload.v', propertyType: 'msg' },
        ...{ rules: [limit], checkall: 'true', repair: false, outputs: 1, wires: [[`ch${number}`]] },
      },
      { id: `ch${number}`, type: 'change', ...common, rules: [change], wires: [[`out${number}`]] },
      { id: `out${number}`, type: 'mqtt out', ...common, ...output },
    ];
  };
  const tab = { id: 'tab', type: 'tab', label: 'bench', disabled: false };
  return [tab, broker, ...Array.from({ length: rules }, (_, number) => one(number)).flat()];
}

interface Part {
  readonly pid: number;
  words(): string;
  readonly isAlive: boolean;
  stop(): Promise<void>;
}

function begin(program: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Part {
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin`, ...environment };
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (more: string) => {
      said = (said + more).slice(-2_000);
    });
  }
  return {
    pid: child.pid ?? 0,
    words: () => said,
    get isAlive() {
      return child.exitCode === null && child.signalCode === null;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await gone;
      clearTimeout(timer);
    },
  };
}

interface Starting {
  readonly port: number;
  readonly parts: readonly Part[];
  readonly folder: string;
  readonly rules: number;
}

/** Asks the last rule again and again until it answers. */
async function ready({ port, parts, folder, rules }: Starting): Promise<RunningProgram> {
  const stop = async (): Promise<void> => {
    for (const part of parts) await part.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const counter = new Counter();
    const areAlive = () => parts.every(({ isAlive }) => isAlive);
    const listener = await patiently(areAlive, () => openSubscriber(port, 'ready-out', `bench/out/${rules - 1}`, 0));
    listener.receive = (bytes) => counter.take(bytes);
    const asker = await openClient(port, 'ready-in');
    const topic = `bench/in/${rules - 1}`;
    const question = generate({ cmd: 'publish', topic, payload: '{"v":60}', qos: 0, dup: false, retain: false });
    const asking = setInterval(() => asker.socket.write(question), 100);
    await until('the last rule', () => counter.publishes > 0, PATIENCE_MS).finally(() => clearInterval(asking));
    await sleep(1_000);
    asker.socket.destroy();
    listener.socket.destroy();
    return { port, pids: parts.map(({ pid }) => pid), stop };
  } catch (error) {
    const words = parts.map((part) => part.words()).join('\n');
    await stop();
    throw new Error(`it does not answer: ${words}`, { cause: error });
  }
}

async function patiently<T>(areAlive: () => boolean, attempt: () => Promise<T>): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > end || !areAlive()) throw error;
      await sleep(50);
    }
  }
}
