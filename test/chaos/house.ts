import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { machineMs } from './events.ts';
import { actsIn, recordsIn } from './outside.ts';

const CHILD = fileURLToPath(new URL('chaos-node.ts', import.meta.url));

/** A place for a node to live in. */
export interface House {
  readonly folder: string;
  remove(): void;
}

export function makeHouse(port: number): House {
  const folder = mkdtempSync(join(tmpdir(), 'hanbus-chaos-'));
  furnish(folder, port);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The scheme of the node in a folder, and empty files for what is written down outside its data. */
function furnish(folder: string, port: number): void {
  mkdirSync(join(folder, 'run'), { recursive: true });
  for (const path of [actsIn(folder), recordsIn(folder)]) writeFileSync(path, '');
  writeFileSync(
    join(folder, 'hanbus.yaml'),
    [
      `broker: {listen: ${port}, durable: ["jobs/#"], limits: {session_messages: 100000, session_bytes: 100MB}}`,
      'publish: {every: 1s, on_change: 1}',
      'devices:',
      '  dev: {kind: chaos, rate: 1000}',
      '',
    ].join('\n'),
  );
}

export interface Life {
  readonly child: ChildProcess;
  /** Of the spawn; CLOCK_MONOTONIC, ms. */
  readonly born: number;
  /** Resolves when all of it works, and when it is gone. */
  readonly ready: Promise<void>;
  /** What it complained of. */
  said(): string;
  /** Resolves when it is gone. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Starts the node; `program` is the bundled child, or its source. `before`: a command that runs it. */
export function bear(folder: string, { program = CHILD, before = [] as readonly string[] } = {}): Life {
  const own = [process.execPath, program, folder];
  const [command = '', ...args] = [...before, ...own];
  const born = machineMs();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let text = '';
  child.stderr.on('data', (part: Buffer) => {
    text += part.toString();
  });
  const ready = new Promise<void>((resolve) => void child.stdout.once('data', () => resolve()));
  const gone = new Promise<void>((resolve) => void child.once('close', () => resolve()));
  return {
    child,
    born,
    ready: Promise.race([ready, gone]),
    said: () => text,
    async end(signal) {
      // With whatever runs it.
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
        process.kill(-child.pid, signal);
      await gone;
    },
  };
}
