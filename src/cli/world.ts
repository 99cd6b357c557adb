import type { Clock } from '../kit/clock.ts';
import type { UpWorld } from './up-world.ts';

/** Where text goes. `write` never throws; after the reader has gone (`| head`) it does nothing. */
export interface Sink {
  readonly isTTY: boolean;
  /** Characters in a row; 80 when nobody knows. */
  readonly columns: number;
  /** Aborts when the reader has gone; a stream of lines ends then. */
  readonly closed: AbortSignal;
  write(text: string): void;
}

/** The files that the command line itself touches. Paths are absolute. */
export interface CliFiles {
  /** Undefined when it is not there; throws the system error when it may not be read. */
  text(path: string): Promise<string | undefined>;
  exists(path: string): Promise<boolean>;
  /** The names in a folder, sorted; empty when it is not there. */
  names(folder: string): Promise<readonly string[]>;
  /** Writes whole or not at all, keeping the mode of a file that is there. Throws with the reason. */
  write(path: string, text: string): Promise<void>;
}

export interface SocketAnswer {
  readonly status: number;
  /** Whole lines as they come. */
  readonly lines: AsyncIterable<string>;
}

export interface SocketQuestion {
  readonly method: 'GET' | 'POST';
  /** Path and query. */
  readonly path: string;
  readonly body?: string;
  /** Ends the question, also while lines are coming. */
  readonly signal?: AbortSignal;
}

/** One HTTP request over a Unix socket. Throws the system error (ENOENT, ECONNREFUSED, EACCES) when nobody is there. */
export type Dial = (socket: string, question: SocketQuestion) => Promise<SocketAnswer>;

export interface Ran {
  readonly code: number;
  readonly err: string;
}

/** Everything that the command line has from outside; tests pass their own. */
export interface World {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly stdinIsTTY: boolean;
  /** Standard input to its end, at most 64 KB of it. */
  readonly readStdin: () => Promise<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
  readonly uid: number;
  /** `Node 24.21.0`. */
  readonly runtime: string;
  readonly clock: Clock;
  readonly files: CliFiles;
  readonly dial: Dial;
  /** How long this machine has been up, ms. */
  readonly machineUptimeMs: () => number;
  /** Runs a program by its arguments, its output on our own screen. */
  readonly exec: (program: 'systemctl', args: readonly string[]) => Promise<Ran>;
  /** Calls back at SIGINT and SIGTERM instead of dying, until the returned function is called. */
  readonly onSignal: (handler: (signal: 'SIGINT' | 'SIGTERM') => void) => () => void;
  /** Starts a node in this process. */
  readonly node: UpWorld;
}
