import { exitOf } from '../../schemes/codes.ts';
import type { ApplyAnswer } from '../../schemes/contracts.ts';
import { columns } from '../columns.ts';
import { expectAnswer } from '../door.ts';
import { problemLines } from '../problem-lines.ts';
import { whoHere } from '../scheme-texts.ts';
import { counted } from '../spans.ts';
import type { Call, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'save',
  summary: 'write what was found into the scheme: names, kinds and places',
  group: 'scheme',
  options: [{ flags: '--dry-run', about: 'show what would be written, write nothing' }],
  examples: [
    { line: 'hanbus save --dry-run', about: 'look first' },
    { line: 'hanbus save', about: 'what is attached keeps its name, also on a new SD card' },
  ],
  contract: 'apply',
  async run(call) {
    const { globals, options, screen } = call;
    const door = await call.door();
    const dryRun = options.dryRun === true;
    const answer = expectAnswer<ApplyAnswer>(await door.ask('save', { dryRun, who: whoHere(call) }), 'apply/1');
    if (globals.json) screen.json(answer);
    else tell(call, answer);
    return answer.ok ? 0 : exitOf(answer.problems.find(({ severity }) => severity === 'error')?.code ?? 'HB392');
  },
};

function tell({ screen }: Call, { ok, problems, saved = [], dryRun, version }: ApplyAnswer): void {
  for (const line of problems.flatMap((problem) => problemLines(problem, screen))) screen.out(line);
  if (!ok) {
    screen.wrong(`${screen.tint('red', '✗')} nothing was written`);
    return;
  }
  if (saved.length === 0) {
    screen.note('Nothing to save: every device that was found stands in the scheme.');
    return;
  }
  for (const line of columns(saved.map((name) => ['  +', name]))) screen.out(line);
  const what = dryRun ? 'would be saved' : `saved, in version ${version?.number ?? '?'} of the scheme`;
  screen.out(`${screen.tint('green', dryRun ? '·' : '✓')} ${counted(saved.length, 'device')} ${what}`);
  if (!dryRun) screen.out('  Back: hanbus undo');
}
