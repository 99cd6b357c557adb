import { diskFiles } from '../../src/cli/disk-files.ts';
import { run } from '../../src/cli/main.ts';
import { dialSocket } from '../../src/cli/socket-dial.ts';
import type { UpWorld } from '../../src/cli/up-world.ts';
import type { Dial, Sink, World } from '../../src/cli/world.ts';
import { makeSystemClock } from '../../src/kit/clock.ts';
import { FAKE_NOW } from '../fakes/node.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface TestWorld {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly home?: string;
  readonly tty?: boolean;
  readonly stdin?: string | Promise<string>;
  readonly uid?: number;
  readonly node?: UpWorld;
  readonly exec?: World['exec'];
  readonly files?: Partial<World['files']>;
  /** Stands between the command and the socket. */
  readonly dial?: (dial: Dial, ...question: Parameters<Dial>) => ReturnType<Dial>;
}

export interface Started {
  readonly done: Promise<Ran>;
  /** What was written so far. */
  out(): string;
  err(): string;
  signal(name: 'SIGINT' | 'SIGTERM'): void;
}

const noNode: UpWorld = { start: () => Promise.reject(new Error('this test starts no node')) };

function isOfMachine(path: string): boolean {
  return path.includes('/systemd/') || /^\/(proc|sys)\//.test(path);
}

/** Runs one command line in this process, in a world of its own; wall time stands at FAKE_NOW. */
export function start(argv: readonly string[], given: TestWorld = {}): Started {
  const { env = {}, cwd = '/nowhere', home = '/nowhere/ann', tty = false, node = noNode } = given;
  const { dial = (real, socket, question) => real(socket, question) } = given;
  const written = { out: '', err: '' };
  const sink = (to: 'out' | 'err'): Sink => ({
    isTTY: tty,
    columns: 120,
    closed: new AbortController().signal,
    write(text) {
      written[to] += text;
    },
  });
  const handlers = new Set<(signal: 'SIGINT' | 'SIGTERM') => void>();
  const clock = makeSystemClock();
  const world: World = {
    stdout: sink('out'),
    stderr: sink('err'),
    stdinIsTTY: tty,
    readStdin: async () => (await given.stdin) ?? '',
    env: { HANBUS_RUNTIME: '/nowhere/run', ...env },
    cwd,
    home,
    uid: given.uid ?? 1_000,
    runtime: 'Node 24.0.0',
    clock: { ...clock, now: () => FAKE_NOW },
    files: {
      ...diskFiles,
      // Not of the machine that runs the tests.
      exists: async (path) => !isOfMachine(path) && (await diskFiles.exists(path)),
      text: async (path) => (isOfMachine(path) ? undefined : await diskFiles.text(path)),
      ...given.files,
    },
    dial: (socket, question) => dial(dialSocket, socket, question),
    machineUptimeMs: () => 372_000,
    exec: given.exec ?? (() => Promise.reject(new Error('this test runs no program'))),
    onSignal(handler) {
      handlers.add(handler);
      return () => void handlers.delete(handler);
    },
    node,
  };
  return {
    done: run(argv, world).then((code) => ({ code, ...written })),
    out: () => written.out,
    err: () => written.err,
    signal: (name) => {
      for (const handler of handlers) handler(name);
    },
  };
}

export function hanbus(argv: readonly string[], given: TestWorld = {}): Promise<Ran> {
  return start(argv, given).done;
}
