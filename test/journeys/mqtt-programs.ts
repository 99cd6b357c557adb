import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Waits until `check` gives something, at most `ms`. */
export async function until<T>(what: string, check: () => T | undefined | false, ms = 60_000): Promise<T> {
  const end = Date.now() + ms;
  while (Date.now() < end) {
    const found = check();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${what}: not within ${ms} ms`);
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** A program that runs, with the lines it printed. */
export interface Program {
  readonly child: ChildProcess;
  readonly lines: string[];
  readonly ended: Promise<number | null>;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export function start(command: string, args: readonly string[], options: { cwd?: string } = {}): Program {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream.on('data', (chunk: Buffer) => {
      const parts = (rest + chunk.toString('utf8')).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts);
    });
  }
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code));
  });
  return {
    child,
    lines,
    ended,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      // mosquitto_sub sometimes waits for itself when SIGTERM comes while it is busy.
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended.finally(() => clearTimeout(timer));
    },
  };
}

/** `mosquitto_pub` or `mosquitto_sub`, run to its end, or to its end after 60 s; its lines. */
export async function run(command: string, args: readonly string[]): Promise<readonly string[]> {
  const program = start(command, args);
  const timer = setTimeout(() => program.child.kill('SIGKILL'), 60_000);
  const code = await program.ended.finally(() => clearTimeout(timer));
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${program.lines.join(' | ')}`);
  return program.lines;
}

/** A real Mosquitto with an empty memory; `more`: further lines of its configuration. */
export async function startMosquitto(port: number, more: readonly string[] = ['allow_anonymous true']) {
  const folder = mkdtempSync(join(tmpdir(), 'hanbus-mosquitto-'));
  const file = join(folder, 'mosquitto.conf');
  writeFileSync(file, [`listener ${port} 127.0.0.1`, 'persistence false', 'log_dest stderr', ...more, ''].join('\n'));
  const program = start('mosquitto', ['-c', file]);
  await until('mosquitto starts', () => program.lines.some((line) => / running$/.test(line)));
  return {
    ...program,
    async stop(signal: NodeJS.Signals = 'SIGTERM') {
      await program.stop(signal);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
