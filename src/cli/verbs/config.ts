import { basename } from 'node:path';
import type { ConfigAnswer } from '../../schemes/contracts.ts';
import { columns } from '../columns.ts';
import { expectAnswer } from '../door.ts';
import type { Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'config',
  summary: 'the effective values of the running node',
  group: 'scheme',
  arguments: [
    { name: 'action', about: 'show', required: true, words: ['show'] },
    { name: 'key', about: 'only what begins with this, such as publish or devices.air' },
  ],
  options: [{ flags: '--origin', about: 'also where each value came from' }],
  examples: [
    { line: 'hanbus config show', about: 'all values' },
    { line: 'hanbus config show publish --origin', about: 'which file, flag or default says so' },
  ],
  contract: 'config',
  async run({ words: [, key], options, globals, screen, door }) {
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
  },
};

function shown(value: unknown): string {
  if (value === null || value === undefined) return '-';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The whole path of a file is in `hanbus info` and in `--json`. */
function originOf({ origin, place }: ConfigAnswer['values'][number]): string {
  if (place === undefined) return origin;
  return origin === 'file' ? basename(place) : `${origin} ${place}`;
}
