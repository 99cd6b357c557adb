import { CODES } from '../../schemes/codes.ts';
import { askList } from '../ask.ts';
import { askRules } from '../ask-rules.ts';
import { loadVerbs } from '../catalog.ts';
import { bashScript } from '../completions/bash.ts';
import { completionFacts } from '../completions/facts.ts';
import { fishScript } from '../completions/fish.ts';
import { zshScript } from '../completions/zsh.ts';
import { type Door, openDoor } from '../door.ts';
import { everySocket } from '../paths.ts';
import type { Call, Verb } from '../verb.ts';

const SCRIPTS = { bash: bashScript, fish: fishScript, zsh: zshScript } as const;

/** A person waits at the TAB key. */
const BUDGET_MS = 50;

export const verb: Verb = {
  name: 'completion',
  summary: 'completion script for your shell',
  group: 'learn',
  arguments: [
    {
      name: 'shell',
      about: 'bash, zsh or fish; points and rules are what their scripts call for names',
      required: true,
      words: ['bash', 'zsh', 'fish', 'points', 'rules'],
    },
  ],
  examples: [
    { line: 'source <(hanbus completion bash)', about: 'in ~/.bashrc' },
    { line: 'source <(hanbus completion zsh)', about: 'in ~/.zshrc, after compinit' },
    { line: 'hanbus completion fish | source', about: 'in ~/.config/fish/config.fish' },
  ],
  async run(call) {
    const [shell] = call.words;
    if (shell === 'bash' || shell === 'fish' || shell === 'zsh') {
      const codes = CODES.map(({ code }) => code);
      call.screen.raw(SCRIPTS[shell](completionFacts(await loadVerbs()), codes));
    } else call.screen.raw(await namesOf(call, shell === 'rules' ? 'rules' : 'points'));
    return 0;
  },
};

/** One name a line: of the running node when it answers quickly, else as they were the last time. */
async function namesOf({ world, paths, globals }: Call, kind: 'points' | 'rules'): Promise<string> {
  const cache = `${paths.cache}/${kind}`;
  try {
    const door = await openDoor(world, everySocket(paths), { ...globals, timeoutMs: BUDGET_MS });
    const names = kind === 'rules' ? await ruleNames(door) : await pointNames(door);
    const text = names.map((name) => `${name}\n`).join('');
    await world.files.write(cache, text);
    return text;
  } catch {
    // Nobody reads an error at the TAB key: the names of the last time are the best there is.
    return (await world.files.text(cache)) ?? '';
  }
}

async function pointNames(door: Door): Promise<readonly string[]> {
  const { devices } = await askList(door);
  return devices.flatMap(({ name, points }) => [name, ...points.map((point) => `${name}.${point.name}`)]);
}

async function ruleNames(door: Door): Promise<readonly string[]> {
  return (await askRules(door)).rules.map(({ rule }) => rule);
}
