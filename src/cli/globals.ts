import { HanbusError } from '../kit/errors.ts';
import type { Level } from '../kit/log.ts';
import { nearest } from '../schemes/near.ts';
import { parseDuration } from '../schemes/quantity.ts';
import type { Globals, Option } from './verb.ts';
import type { World } from './world.ts';

/** The flags that every verb takes, before or after it. */
export const GLOBAL_OPTIONS: readonly Option[] = [
  { flags: '--json', about: 'answer as JSON; a versioned contract (hanbus schema --contract status)' },
  { flags: '--quiet', about: 'only answers and errors' },
  { flags: '--verbose', about: 'more about what goes wrong, with stack traces' },
  { flags: '--no-color', about: 'no colours; the variable NO_COLOR does the same' },
  { flags: '--no-input', about: 'never ask anything' },
  { flags: '--node <name>', about: 'the node to ask', completes: 'node' },
  { flags: '--config <file>', about: 'the main scheme file', completes: 'file' },
  { flags: '--timeout <time>', about: 'longest wait for the node; default 10s' },
];

const DEFAULT_TIMEOUT_MS = 10_000;

export function readGlobals(options: Readonly<Record<string, unknown>>, { env }: Pick<World, 'env'>): Globals {
  return {
    json: options.json === true,
    input: options.input !== false && (env.HANBUS_NO_INPUT ?? '') === '',
    quiet: options.quiet === true,
    verbose: options.verbose === true,
    node: textOf(options.node),
    config: textOf(options.config),
    timeoutMs: durationOption('--timeout', options.timeout) ?? DEFAULT_TIMEOUT_MS,
  };
}

/** The value of an option that is a time with its unit, in ms. Throws HB150 when it is not. */
export function durationOption(flag: string, value: unknown): number | undefined {
  const text = textOf(value);
  if (text === undefined) return undefined;
  const ms = parseDuration(text);
  if (ms !== undefined && ms > 0) return ms;
  const fix = /^\d+(\.\d+)?$/.test(text) ? `${flag} ${text}s` : `${flag} 10s`;
  throw new HanbusError('HB150', `${flag} ${text} is not a time; it needs a number and a unit`, { fix });
}

const LEVELS: readonly Level[] = ['error', 'warn', 'info', 'debug'];

/** How much a node in this process logs: `--verbose` or `--quiet`, else HANBUS_LOG. Throws HB150 when that is no level. */
export function logLevel({ verbose, quiet }: Globals, { env }: Pick<World, 'env'>): Level {
  if (verbose) return 'debug';
  if (quiet) return 'error';
  const { HANBUS_LOG: text = '' } = env;
  const level = LEVELS.find((one) => one === text);
  if (level !== undefined || text === '') return level ?? 'info';
  throw new HanbusError('HB150', `HANBUS_LOG=${text} is no level; there are ${LEVELS.join(', ')}`, {
    fix: `HANBUS_LOG=${nearest(text, LEVELS) ?? 'info'}`,
  });
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
