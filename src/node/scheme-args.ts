import { dirname, relative, resolve } from 'node:path';
import { HanbusError } from '../kit/errors.ts';
import { isRecord } from '../schemes/yaml-value.ts';
import type { TextChanges } from './scheme-version.ts';

type Args = Readonly<Record<string, unknown>>;

const DEFAULT_WAIT_S = 60;
const LONGEST_WAIT_S = 3_600;
const MOST_FILES = 64;
const LONGEST_NAME = 64;

/** How long a change waits for its confirmation, ms; seconds in `confirm`. Throws HB158. */
export function waitMsIn({ confirm }: Args, defaultSeconds = DEFAULT_WAIT_S): number {
  const seconds = confirm ?? defaultSeconds;
  if (typeof seconds === 'number' && seconds >= 0 && seconds <= LONGEST_WAIT_S) return Math.round(seconds * 1_000);
  throw new HanbusError('HB158', `"confirm" is a number of seconds, 0 to ${LONGEST_WAIT_S}`, { fix: '{"confirm":60}' });
}

/** The etag that the texts are based on; `*` stands for any. Throws HB158 when it is missing. */
export function etagIn({ etag }: Args): string | undefined {
  if (typeof etag === 'string' && etag !== '') return etag === '*' ? undefined : etag;
  const fix = '{"etag":"..."}, as `scheme` gave it; "*" for whatever is there now';
  throw new HanbusError('HB158', 'the request needs "etag": of the scheme that it was made from', { fix });
}

/** The texts of an `apply`, by absolute path. `text` alone is the main file. Throws HB158, HB398. */
export function textsIn({ files, text }: Args, main: string): TextChanges {
  const given: Args | undefined = typeof text === 'string' ? { [main]: text } : isRecord(files) ? files : undefined;
  const entries = Object.entries(given ?? {});
  if (entries.length === 0 || entries.length > MOST_FILES) {
    const message = `the request needs "files", 1 to ${MOST_FILES} texts by path, or "text" of the main file`;
    throw new HanbusError('HB158', message, { fix: '{"files":{"hanbus.yaml":"node: kitchen\\n"},"etag":"..."}' });
  }
  return Object.fromEntries(entries.map(([path, value]) => [pathOf(path, main), textOf(path, value)]));
}

/** Who asks, as far as it can be known: an MQTT client by its id, a command or a page by what it says. */
export function whoIn({ who }: Args, origin: string): string {
  if (origin !== 'api') return origin;
  if (typeof who !== 'string') return '';
  return who.replaceAll(/[^\p{L}\p{N} @().:_-]/gu, '').slice(0, LONGEST_NAME);
}

/** A file of the scheme: in the folder of the main file, not hidden, with the name of a YAML file. */
function pathOf(text: string, main: string): string {
  const path = resolve(dirname(main), text);
  if (path === main) return path;
  const parts = relative(dirname(main), path).split('/');
  const isPlain = parts.every((part) => /^[\p{L}\p{N}_][\p{L}\p{N}_. -]*$/u.test(part));
  if (isPlain && parts.length <= 8 && /\.ya?ml$/.test(path)) return path;
  const message = `"${text.slice(0, 80)}" cannot be a file of the scheme`;
  throw new HanbusError('HB398', message, { fix: 'a path such as rules/day.yaml, from the folder of the main file' });
}

function textOf(path: string, value: unknown): string | null {
  if (typeof value === 'string' || value === null) return value;
  throw new HanbusError('HB158', `"files" needs a text for ${path.slice(0, 80)}, or null to remove it`, {
    fix: '{"files":{"hanbus.yaml":"node: kitchen\\n"}}',
  });
}
