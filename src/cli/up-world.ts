import type { Level } from '../kit/log.ts';
import type { ListAnswer, ScanAnswer, StatusAnswer } from '../schemes/contracts.ts';

/** What `hanbus up` and `hanbus demo` ask of the node. Paths are absolute. */
export interface StartOptions {
  /** The main scheme file; it need not be there. */
  readonly config: string;
  readonly secrets: string;
  /** Folder of what must last: names, policies, history. Made when it is not there. */
  readonly data: string;
  /** Folder of the control socket. Made (0700) when it is not there. */
  readonly runtime: string;
  /** Wins over `node:` of the scheme and the host name. */
  readonly name?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Default `info`. */
  readonly logLevel?: Level;
  /** A simulated house on simulated ports instead of this board, by its own scheme or by the one in `config`. */
  readonly demo?: { readonly speed: number; readonly scheme: 'own' | 'config' };
}

/**
 * All that the first screen shows, in the shapes of the control answers, so that a running node gives the same:
 * - `status.nodes[0]`: name, board, listeners (`url`, `open`, `why` not), engine, files of the scheme;
 * - `status.health`: problems, each with its fix;
 * - `list.devices`: by `group`, with `origin`, `state` and the values so far;
 * - `scan`: of the last harvest: `seen` (not claimed, with `fix`) and what is `new`, `back` or `gone` since the last start.
 */
export interface UpSummary {
  readonly status: StatusAnswer;
  readonly list: ListAnswer;
  readonly scan: ScanAnswer;
}

/** A node running in this process. */
export interface RunningNode {
  readonly name: string;
  /** Resolves when each device had time for a first reading, after 2 s at the latest. */
  summary(): Promise<UpSummary>;
  /** Says goodbye on the bus and lets go of everything, within 2 s. May be called twice. */
  stop(): Promise<void>;
  /** Settles with the exit code when the node has ended, for whatever reason (`hanbus down`, a fatal error). */
  readonly stopped: Promise<number>;
}

export interface UpWorld {
  /** Throws a HanbusError when nothing can run: HB125 when one runs already, HB2xx without any usable scheme. */
  start(options: StartOptions): Promise<RunningNode>;
}
