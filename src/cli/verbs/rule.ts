import { HanbusError } from '../../kit/errors.ts';
import type { RuleAnswer } from '../../schemes/rule-contracts.ts';
import { askReplay, askRule, askRules } from '../ask-rules.ts';
import { durationOption } from '../globals.ts';
import { besides, replayLines, ruleTable, wordLines } from '../rule-lines.ts';
import type { Call, Verb } from '../verb.ts';

const ACTIONS = ['add', 'ls', 'pause', 'resume', 'rm', 'run', 'test'] as const;
const DAY_MS = 86_400_000;

export const verb: Verb = {
  name: 'rule',
  summary: 'add, list, try, pause and remove rules',
  group: 'scheme',
  arguments: [
    { name: 'action', about: 'add, ls, pause, resume, rm, run or test; ls when left out', words: ACTIONS },
    { name: 'rule', about: 'its name; with add the sentence, in quotes', many: true, completes: 'rule' },
  ],
  options: [
    { flags: '--name <name>', about: 'with add: its name' },
    { flags: '--since <time>', about: 'how much history is played; default 24h' },
    { flags: '--dry-run', about: 'show what would be written, write nothing' },
    { flags: '--yes', about: 'do not ask' },
  ],
  examples: [
    {
      line: 'hanbus rule add "when air.temperature > 28°C then fan on else fan off"',
      about: 'in words, tried on history, saved',
    },
    { line: 'hanbus rule ls', about: 'every rule with its state' },
    { line: 'hanbus rule test cool --since 7d', about: 'when it would have run; nothing is switched' },
    { line: 'hanbus rule pause cool', about: 'until resume, also over restarts' },
    { line: 'hanbus rule run cool', about: 'its actions alone, now' },
    { line: 'hanbus rule rm cool', about: 'out of the scheme; comments stay' },
  ],
  contract: 'rule',
  async run(call) {
    const [action = 'ls', ...rest] = call.words;
    if (action === 'ls') return await list(call);
    const [name] = rest;
    if (name === undefined) throw needsName(action);
    if (action === 'add') {
      const { addSentence } = await import('../rule-add.ts');
      return await addSentence(call, rest.join(' '));
    }
    if (rest.length > 1) throw new HanbusError('HB150', `rule ${action} takes one rule`, { fix: 'hanbus rule ls' });
    if (action === 'rm') {
      const { removeNamed } = await import('../rule-rm.ts');
      return await removeNamed(call, name);
    }
    return action === 'test' ? await test(call, name) : await change(call, action, name);
  },
};

function needsName(action: string): HanbusError {
  if (action !== 'add')
    return new HanbusError('HB150', `rule ${action} needs the name of a rule`, { fix: 'hanbus rule ls' });
  const fix = 'hanbus rule add "when button.pressed then lamp toggle" --name press';
  return new HanbusError('HB150', 'rule add needs a sentence', { fix });
}

async function list(call: Call): Promise<number> {
  const { screen, globals, world } = call;
  const answer = await askRules(await call.door());
  if (globals.json) screen.json(answer);
  else if (answer.rules.length === 0)
    screen.note('There are no rules yet. Make one: hanbus rule add "when ... then ..."');
  else for (const line of ruleTable(answer.rules, screen, world.clock.now())) screen.out(line);
  return 0;
}

async function test(call: Call, name: string): Promise<number> {
  const { screen, globals, options } = call;
  const sinceMs = durationOption('--since', options.since) ?? DAY_MS;
  const answer = await askReplay(await call.door(), { name, sinceMs });
  if (globals.json) screen.json(answer);
  else {
    for (const line of wordLines(answer.words, screen)) screen.out(line);
    for (const line of replayLines(answer, { long: true, screen })) screen.out(line);
  }
  return 0;
}

const DID: Readonly<Record<RuleAnswer['did'], string>> = {
  added: 'was added',
  paused: 'is paused, also after a restart',
  ran: 'runs its actions now',
  removed: 'was removed',
  resumed: 'goes on',
};

async function change(call: Call, action: string, name: string): Promise<number> {
  const { screen, globals } = call;
  const question = action === 'run' ? { name, run: true } : { name, on: action === 'resume' };
  const answer = await askRule(await call.door(), question);
  if (globals.json) screen.json(answer);
  else {
    const more = action === 'pause' ? `Go on: hanbus rule resume ${name}` : `See: hanbus why ${name}`;
    const text = `${screen.tint('green', '✓')} ${name} ${DID[answer.did]}.`;
    for (const line of besides(text, more, screen)) screen.out(line);
  }
  return 0;
}
