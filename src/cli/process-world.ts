import { spawn } from 'node:child_process';
import { homedir, uptime } from 'node:os';
import { makeSystemClock } from '../kit/clock.ts';
import { systemCode } from '../kit/errors.ts';
import { diskFiles } from './disk-files.ts';
import { dialSocket } from './socket-dial.ts';
import type { Ran, Sink, World } from './world.ts';

/** Columns for a reader that is not a terminal. */
const PIPE_COLUMNS = 120;

/** The world of this process. */
export function makeProcessWorld(): World {
  return {
    stdout: makeSink(process.stdout),
    stderr: makeSink(process.stderr),
    stdinIsTTY: process.stdin.isTTY === true,
    readStdin,
    env: process.env,
    cwd: process.cwd(),
    home: homedir(),
    uid: process.getuid?.() ?? 0,
    runtime: `Node ${process.versions.node}`,
    clock: makeSystemClock(),
    files: diskFiles,
    dial: dialSocket,
    machineUptimeMs: () => uptime() * 1_000,
    exec,
    onSignal(handler) {
      const signals = ['SIGINT', 'SIGTERM'] as const;
      const listeners = signals.map((signal) => [signal, () => handler(signal)] as const);
      for (const [signal, listener] of listeners) process.on(signal, listener);
      return () => {
        for (const [signal, listener] of listeners) process.off(signal, listener);
      };
    },
    node: {
      async start(options) {
        const { startHere } = await import('./start-here.ts');
        return await startHere(options);
      },
    },
  };
}

const MOST_INPUT = 65_536;

async function readStdin(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > MOST_INPUT || (process.stdin.isTTY && text.includes('\n'))) break;
  }
  return text.slice(0, MOST_INPUT);
}

/** After EPIPE (`hanbus ls | head`) the text goes nowhere. */
function makeSink(stream: NodeJS.WriteStream): Sink {
  const closed = new AbortController();
  stream.on('error', (error) => {
    if (systemCode(error) !== 'EPIPE') throw error;
    closed.abort();
  });
  return {
    isTTY: stream.isTTY === true,
    closed: closed.signal,
    columns: stream.isTTY === true ? stream.columns : PIPE_COLUMNS,
    write(text) {
      if (!closed.signal.aborted) stream.write(text);
    },
  };
}

function exec(program: string, args: readonly string[]): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['inherit', 'inherit', 'pipe'] });
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err = `${err}${text}`.slice(-4_096);
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, err }));
  });
}

/** Calls back once with an error that nobody caught. */
export function onBug(tell: (error: unknown) => Promise<void>): void {
  process.once('uncaughtException', (error) => void tell(error));
}

/** Ends this process when all that was written has gone out, or after half a second. */
export async function endProcess(code: number): Promise<void> {
  process.exitCode = code;
  const written = [process.stdout, process.stderr].map((stream) => new Promise((resolve) => stream.write('', resolve)));
  await Promise.race([Promise.all(written), new Promise((resolve) => setTimeout(resolve, 500))]);
  process.exit(code);
}
