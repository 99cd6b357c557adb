import type { Door } from './door.ts';
import type { Paths } from './paths.ts';
import type { Screen } from './screen.ts';
import type { World } from './world.ts';

/** What the shell may complete a word with; `what` is a rule or a point. */
export type Completes = 'code' | 'contract' | 'file' | 'node' | 'point' | 'rule' | 'shell' | 'verb' | 'what';

export interface Argument {
  readonly name: string;
  readonly about: string;
  readonly required?: boolean;
  /** Takes all the words that follow. Only the last one may. */
  readonly many?: boolean;
  readonly completes?: Completes;
  /** The only words it takes. */
  readonly words?: readonly string[];
}

export interface Option {
  /** `--long`; with a value `--wait <time>`. */
  readonly flags: string;
  readonly about: string;
  readonly completes?: Completes;
  /** May be given several times; its value is then a list. */
  readonly many?: boolean;
}

export interface Example {
  readonly line: string;
  readonly about: string;
}

/** How the verbs are listed in `hanbus help`. */
export type VerbGroup = 'run' | 'look' | 'scheme' | 'learn';

/** One verb, written once: commander, help, the reference page and the shell completions all derive from this. */
export interface Verb {
  /** Also the file name. */
  readonly name: string;
  /** A short sentence without a full stop. */
  readonly summary: string;
  readonly group: VerbGroup;
  /** Place among the eight that a newcomer needs, from 1 on; `hanbus` alone shows them. */
  readonly first?: number;
  readonly arguments?: readonly Argument[];
  readonly options?: readonly Option[];
  readonly examples: readonly Example[];
  /** Name of the contract of `--json`. */
  readonly contract?: string;
  /** Answers with the exit code. Throws HanbusError. */
  readonly run: (call: Call) => Promise<number>;
}

/** The flags that every verb takes. */
export interface Globals {
  readonly json: boolean;
  readonly input: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly node: string | undefined;
  readonly config: string | undefined;
  readonly timeoutMs: number;
}

/** One call of a verb. */
export interface Call {
  readonly words: readonly string[];
  /** By camel-case name of the flag: `--json` is `json`. */
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly globals: Globals;
  readonly paths: Paths;
  readonly screen: Screen;
  readonly world: World;
  /** The running node, on one of these sockets or on any. Throws HB153 when there is none. */
  readonly door: (sockets?: readonly string[]) => Promise<Door>;
}
