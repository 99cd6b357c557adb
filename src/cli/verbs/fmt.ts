import { resolve } from 'node:path';
import { HanbusError } from '../../kit/errors.ts';
import { diffLines } from '../diff-lines.ts';
import { counted } from '../spans.ts';
import type { Call, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'fmt',
  summary: 'put scheme files into the canonical layout; comments stay',
  group: 'scheme',
  arguments: [{ name: 'file', about: 'scheme files; default: the one of this node', many: true, completes: 'file' }],
  options: [
    { flags: '--diff', about: 'show what would change, write nothing' },
    { flags: '--check', about: 'write nothing; exit code 1 when something would change' },
  ],
  examples: [
    { line: 'hanbus fmt', about: 'the scheme of this node' },
    { line: 'hanbus fmt --diff house.yaml', about: 'look first' },
    { line: 'hanbus fmt --check house.yaml', about: 'for scripts' },
  ],
  async run(call) {
    const { words, paths, options, screen } = call;
    const dry = options.diff === true || options.check === true;
    let changed = 0;
    for (const file of words.length === 0 ? [paths.config] : words) if (await format(call, file, dry)) changed += 1;
    if (changed === 0) screen.note('Nothing to change.');
    else if (dry) screen.note(`${counted(changed, 'file')} would change.`);
    return options.check === true && changed > 0 ? 1 : 0;
  },
};

/** True when the layout of the file differs. */
async function format({ world, screen, options }: Call, file: string, dry: boolean): Promise<boolean> {
  const { formatScheme } = await import('../../schemes/format.ts');
  const path = resolve(world.cwd, file);
  const before = await world.files.text(path);
  if (before === undefined) throw new HanbusError('HB156', `there is no file ${file}`, { fix: 'hanbus info' });
  const after = formatScheme(before, file);
  if (after === before) return false;
  if (options.diff === true)
    screen.raw(
      diffLines(file, before, after)
        .map((line) => `${line}\n`)
        .join(''),
    );
  else if (dry) screen.out(file);
  if (dry) return true;
  await world.files.write(path, after);
  screen.out(`${screen.tint('green', '✓')} ${file}`);
  return true;
}
