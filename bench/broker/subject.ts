import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isInstalled } from '../../tools/setup/debian.mjs';
import { NODE_FLAGS } from '../../tools/setup/pinned-node.mjs';
import { freePort } from '../node-process.ts';
import type { Wish } from './arguments.ts';
import { sleep } from './client.ts';

/** A broker to measure. */
export interface Subject {
  readonly name: string;
  /** Why it cannot be measured here. */
  readonly missing?: string;
  /** The only case that it takes part in. */
  readonly only?: string;
  /** The command that serves MQTT on this port of 127.0.0.1; it may keep files in the folder. */
  command(port: number, folder: string): Promise<readonly string[]>;
  /** Additional environment. */
  readonly environment?: (folder: string) => NodeJS.ProcessEnv;
}

/** One that runs. */
export interface Running {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

const START_MS = 10_000;
const STOP_MS = 5_000;

const node = (flags: readonly string[], program: string, port: number): string[] => [
  process.execPath,
  ...flags,
  `.cache/bench/${program}.mjs`,
  String(port),
];

async function mosquitto(port: number, folder: string): Promise<string[]> {
  const config = join(folder, 'mosquitto.conf');
  writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous true\nlog_type none\n`);
  return ['mosquitto', '-c', config];
}

/** The whole program, as `hanbus up` starts it: harvest, state, rules and all. */
async function wholeNode(flags: readonly string[], port: number, folder: string): Promise<string[]> {
  writeFileSync(join(folder, 'hanbus.yaml'), `broker: {listen: ${port}}\n`);
  return [process.execPath, ...flags, 'dist/hanbus.mjs', 'up'];
}

const foldersIn = (folder: string): NodeJS.ProcessEnv => ({
  HANBUS_CONFIG: join(folder, 'hanbus.yaml'),
  HANBUS_DATA: join(folder, 'data'),
  HANBUS_RUNTIME: folder,
});

/** Its MQTT needs a name and a store, even for QoS 0. */
async function nats(port: number, folder: string): Promise<string[]> {
  const config = join(folder, 'nats.conf');
  const lines = [
    `listen: "127.0.0.1:${await freePort()}"`,
    'server_name: bench',
    `jetstream { store_dir: "${folder}" }`,
    `mqtt { listen: "127.0.0.1:${port}" }`,
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  return ['nats-server', '-c', config];
}

const absent = (program: string) => (isInstalled(program) ? {} : { missing: `${program} is not installed` });

/** Ours first; each case starts with another one at each round. */
export function subjects({ nodeFlags, withoutNode }: Wish): readonly Subject[] {
  const flags = nodeFlags ?? NODE_FLAGS;
  return [
    { name: 'hanbus', command: async (port) => node(flags, 'broker-alone', port) },
    {
      name: 'node',
      only: 'rss',
      command: (port, folder) => wholeNode(flags, port, folder),
      environment: foldersIn,
      ...(withoutNode ? { missing: 'the whole node is not built' } : {}),
    },
    { name: 'mosquitto', command: mosquitto, ...absent('mosquitto') },
    { name: 'nats', command: nats, ...absent('nats-server') },
    { name: 'aedes', command: async (port) => node([], 'aedes-alone', port) },
  ];
}

/** Starts a broker afresh; resolves when it listens. */
export async function startSubject(subject: Subject): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'hanbus-bench-'));
  const port = await freePort();
  const [program = '', ...args] = await subject.command(port, folder);
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin`, ...subject.environment?.(folder) };
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], env });
  const complaint = lastWords(child);
  const stop = async (): Promise<void> => {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await listening(child, port);
    return { port, pid: child.pid ?? 0, stop };
  } catch (error) {
    await stop();
    throw new Error(`${subject.name} does not start: ${complaint()}`, { cause: error });
  }
}

/** The end of what it wrote to its error output. */
function lastWords(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (more: string) => {
    text = (text + more).slice(-2_000);
  });
  child.once('error', (error) => {
    text += error.message;
  });
  return () => text.trim();
}

async function listening(child: ChildProcess, port: number): Promise<void> {
  const end = performance.now() + START_MS;
  while (performance.now() < end && child.exitCode === null) {
    const socket = connect({ port, host: '127.0.0.1' });
    const isOpen = await new Promise<boolean>((done) => {
      socket.once('connect', () => done(true)).once('error', () => done(false));
    });
    socket.destroy();
    if (isOpen) return;
    await sleep(20);
  }
  throw new Error(`nobody listens on port ${port}`);
}

/** Asks it to end, and ends it when it does not. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await gone;
  clearTimeout(timer);
}
