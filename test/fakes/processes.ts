import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HANBUS = fileURLToPath(new URL('../../src/cli/hanbus.ts', import.meta.url));

/** A program that runs beside the test; what it says can be waited for. */
export interface Running {
  readonly child: ChildProcess;
  /** Everything said so far, both outputs, in order. */
  text(): string;
  /** Resolves when `pattern` fits what was said after the call's `from` position (default: since the start). */
  says(pattern: RegExp, from?: number): Promise<string>;
  /** Sends a signal and resolves with the exit code when it has ended; null after a kill. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Less than the deadline of a test, so that the reason is told. */
const PATIENCE_MS = 60_000;
const alive = new Set<ChildProcess>();

/** Kills whatever the tests of this file left behind. */
export function endAll(): void {
  for (const child of alive) child.kill('SIGKILL');
}

export function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Running {
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const listeners = new Set<() => void>();
  const hear = (part: Buffer) => {
    said += part.toString('utf8');
    for (const listener of listeners) listener();
  };
  alive.add(child);
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      alive.delete(child);
      resolve(code);
    });
  });
  return {
    child,
    text: () => said,
    says: (pattern, from = 0) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(said.slice(from));
          if (match === null) return;
          done();
          resolve(match[0]);
        };
        const timer = setTimeout(() => {
          done();
          reject(new Error(`${program} never said ${pattern}; it said:\n${said.slice(-4_000)}`));
        }, PATIENCE_MS);
        const done = () => {
          clearTimeout(timer);
          listeners.delete(look);
        };
        listeners.add(look);
        look();
      }),
    end: async (signal = 'SIGINT') => {
      child.kill(signal);
      return await ended;
    },
  };
}

/** A port of this machine that nobody uses just now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

/** Folders of one node, all new. */
export interface Home {
  readonly folder: string;
  readonly config: string;
  readonly env: NodeJS.ProcessEnv;
  write(yaml: string): void;
}

export function makeHome(yaml: string): Home {
  const folder = mkdtempSync(join(tmpdir(), 'hanbus-'));
  const config = join(folder, 'hanbus.yaml');
  const write = (text: string) => writeFileSync(config, text);
  write(yaml);
  const { PATH, HOME, HANBUS_TEST_RUN } = process.env;
  const places = { HANBUS_CONFIG: config, HANBUS_DATA: join(folder, 'data'), HANBUS_RUNTIME: join(folder, 'run') };
  return { folder, config, env: { PATH, HOME, HANBUS_TEST_RUN, LANG: 'C.UTF-8', NO_COLOR: '1', ...places }, write };
}

/** hanbus as a user would run it, from the sources. */
export function hanbus(home: Home, ...args: readonly string[]): Running {
  return run(process.execPath, [HANBUS, ...args], home.env);
}

/** Runs hanbus to its end: exit code and output. */
export async function hanbusOnce(
  home: Home,
  ...args: readonly string[]
): Promise<{ code: number | null; text: string }> {
  const running = hanbus(home, ...args);
  const code = await new Promise<number | null>((resolve) => running.child.once('close', resolve));
  return { code, text: running.text() };
}

/** `mosquitto_sub -V 5 -v` on everything. */
export function subscribe(port: number, topic = 'hanbus/#'): Running {
  return run('mosquitto_sub', ['-V', '5', '-h', '127.0.0.1', '-p', String(port), '-t', topic, '-v']);
}

export async function publish(port: number, topic: string, payload: string): Promise<void> {
  const running = run('mosquitto_pub', [
    '-V',
    '5',
    '-h',
    '127.0.0.1',
    '-p',
    String(port),
    '-q',
    '1',
    '-t',
    topic,
    '-m',
    payload,
  ]);
  await new Promise((resolve) => running.child.once('close', resolve));
}
