import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { VERBS } from '../../src/cli/catalog.ts';
import { startFakeNode } from '../fakes/node.ts';
import { RULES } from '../fakes/rule-answers.ts';
import { hanbus } from './world.ts';

const run = promisify(execFile);

/** What bash offers for a half typed command line; points come from a cache file. */
async function complete(words: readonly string[], points = '', rules = ''): Promise<string[]> {
  const cache = await mkdtemp('/tmp/hanbus-complete-');
  const { out } = await hanbus(['completion', 'bash']);
  const script = `
mkdir -p "$XDG_CACHE_HOME/hanbus"
printf '${points}' > "$XDG_CACHE_HOME/hanbus/points"
printf '${rules}' > "$XDG_CACHE_HOME/hanbus/rules"
hanbus() { :; }
${out}
COMP_WORDS=(hanbus "$@")
COMP_CWORD=$#
_hanbus
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await run('bash', ['-c', script, 'bash', ...words], {
    env: { ...process.env, XDG_CACHE_HOME: cache },
  });
  await rm(cache, { recursive: true });
  return stdout.split('\n').filter((line) => line !== '');
}

it('completes verbs, flags, points and words in bash', async () => {
  expect(await complete([''])).toEqual(Object.keys(VERBS));
  expect(await complete(['st'])).toEqual(['status']);
  expect(await complete(['ls', '--lo'])).toEqual(['--long']);
  expect(await complete(['--json', 'ls', '--js'])).toEqual(['--json']);
  expect(await complete(['read', 'board.'], 'board\\nboard.load\\nfridge\\n')).toEqual(['board.load']);
  expect(await complete(['rule', 'p'])).toEqual(['pause']);
  expect(await complete(['rule', 'pause', 'co'], '', 'cool\\nnight\\n')).toEqual(['cool']);
  expect(await complete(['why', 'c'], 'cpu\\ncpu.load\\n', 'cool\\nnight\\n')).toEqual(['cool', 'cpu', 'cpu.load']);
  expect(await complete(['explain', 'HB20'])).toContain('HB204');
  expect(await complete(['config', ''])).toEqual(['diff', 'show', 'versions']);
});

it.each(['zsh', 'fish'])('has each verb and its flags for %s', async (shell) => {
  const { out, code } = await hanbus(['completion', shell]);
  expect(code).toBe(0);
  for (const name of Object.keys(VERBS)) expect(out).toContain(name);
  expect(out).toContain('long');
  expect(out).toMatch(/hanbus_names points/);
  expect(out).toMatch(/hanbus_names rules/);
});

it('gives the names of the running node, and the last ones when it is gone', async () => {
  const node = await startFakeNode();
  const cache = await mkdtemp('/tmp/hanbus-complete-');
  const env = { HANBUS_RUNTIME: node.runtime, XDG_CACHE_HOME: cache };
  const { out } = await hanbus(['completion', 'points'], { env });
  expect(out.split('\n')).toContain('fridge.temperature');
  expect(await readFile(join(cache, 'hanbus', 'points'), 'utf8')).toBe(out);
  node.answer('rules', async () => RULES);
  expect((await hanbus(['completion', 'rules'], { env })).out.split('\n')).toContain('cool');
  await node.stop();
  expect((await hanbus(['completion', 'rules'], { env })).out.split('\n')).toContain('cool');
  expect(await hanbus(['completion', 'points'], { env })).toEqual({ code: 0, out, err: '' });
  await rm(cache, { recursive: true });
});
