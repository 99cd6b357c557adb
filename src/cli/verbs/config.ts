import { basename } from 'node:path';
import { HanbusError } from '../../kit/errors.ts';
import type { ConfigAnswer, DiffAnswer, SchemeAnswer } from '../../schemes/contracts.ts';
import { askScheme } from '../ask.ts';
import { filesDiff, textsOf } from '../change-lines.ts';
import { columns } from '../columns.ts';
import { expectAnswer } from '../door.ts';
import type { Call, Verb } from '../verb.ts';
import { keptVersions, versionLines } from '../version-lines.ts';

export const verb: Verb = {
  name: 'config',
  summary: 'the effective values of the running node, and the versions of its scheme',
  group: 'scheme',
  arguments: [
    { name: 'action', about: 'show, versions or diff', required: true, words: ['diff', 'show', 'versions'] },
    { name: 'key', about: 'show: only what begins with this, such as publish or devices.air; diff: a version' },
    { name: 'other', about: 'diff: the other version; default: the files as they are' },
  ],
  options: [{ flags: '--origin', about: 'also where each value came from' }],
  examples: [
    { line: 'hanbus config show', about: 'all values' },
    { line: 'hanbus config show publish --origin', about: 'which file, flag or default says so' },
    { line: 'hanbus config versions', about: 'the schemes that ran, who changed them and when' },
    { line: 'hanbus config diff 12 14', about: 'what changed between two of them' },
  ],
  contract: 'config',
  async run(call) {
    const [action] = call.words;
    if (action === 'versions') return await versions(call);
    return action === 'diff' ? await diff(call) : await show(call);
  },
};

/** The effective values. */
async function show({ words: [, key], options, globals, screen, door }: Call): Promise<number> {
  const answer = expectAnswer<ConfigAnswer>(await (await door()).ask('config', {}), 'config/1');
  const values = answer.values.filter(
    (value) => key === undefined || value.key === key || value.key.startsWith(`${key}.`),
  );
  if (globals.json) {
    screen.json({ ...answer, values });
    return 0;
  }
  const rows = values.map((row) => [
    row.key,
    shown(row.value),
    ...(options.origin === true ? [screen.tint('dim', originOf(row))] : []),
  ]);
  for (const line of columns(rows)) screen.out(line);
  if (values.length === 0) screen.note(`Nothing is set below "${key}". All keys: hanbus config show`);
  return 0;
}

async function versions({ globals, screen, door, world }: Call): Promise<number> {
  const answer = await askScheme(await door());
  if (globals.json) screen.json(answer);
  else for (const line of versionLines(answer, world.clock.now(), screen)) screen.out(line);
  return 0;
}

/** Between two versions; without the second, the files as they are; without both, what the last change did. */
async function diff({ words: [, one, other], globals, screen, door }: Call): Promise<number> {
  const node = await door();
  const now = await askScheme(node);
  const before = await askScheme(node, versionOf(one) ?? beforeLast(now));
  const after = other === undefined ? now : await askScheme(node, versionOf(other));
  const name = other === undefined ? 'as it is now' : `version ${other}`;
  const lines = filesDiff(textsOf(before), textsOf(after), name);
  if (globals.json) {
    const answer: DiffAnswer = {
      hanbus: 'diff/1',
      from: before.version ?? 0,
      to: after.version ?? null,
      lines: [...lines],
    };
    screen.json(answer);
    return 0;
  }
  for (const line of lines) screen.out(line);
  if (lines.length === 0) screen.note('No difference.');
  return 0;
}

/** A number, or an etag. */
function versionOf(word: string | undefined): number | string | undefined {
  return word !== undefined && /^\d{1,9}$/.test(word) ? Number(word) : word;
}

function beforeLast(now: SchemeAnswer): number {
  const kept = keptVersions(now);
  const version = kept.at(-2) ?? kept.at(-1);
  if (version === undefined) throw new HanbusError('HB396', 'there is no version yet', { fix: 'hanbus apply' });
  return version.number;
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return '-';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The whole path of a file is in `hanbus info` and in `--json`. */
function originOf({ origin, place }: ConfigAnswer['values'][number]): string {
  if (place === undefined) return origin;
  return origin === 'file' ? basename(place) : `${origin} ${place}`;
}
