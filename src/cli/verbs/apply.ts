import { dirname, join } from 'node:path';
import { exitOf } from '../../schemes/codes.ts';
import type { ApplyAnswer, SchemeAnswer } from '../../schemes/contracts.ts';
import type { ControlRequests } from '../../schemes/control.ts';
import { askApply, askScheme, askStatus } from '../ask.ts';
import { changeLines, filesDiff, textsOf } from '../change-lines.ts';
import { tintedDiff } from '../diff-lines.ts';
import type { Door } from '../door.ts';
import { durationOption } from '../globals.ts';
import { keep, keepOrBack } from '../keep-or-back.ts';
import { problemLines } from '../problem-lines.ts';
import { type LocalScheme, localScheme, newTexts, refuseLarge, whoHere } from '../scheme-texts.ts';
import { counted, spanText } from '../spans.ts';
import type { Call, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'apply',
  summary: 'give the running node another scheme; it comes back by itself unless it is kept',
  group: 'scheme',
  arguments: [
    { name: 'file', about: 'main scheme file; default: the files of the node as they are', completes: 'file' },
  ],
  options: [
    { flags: '--diff', about: 'show what would change, write nothing' },
    { flags: '--yes', about: 'keep it at once, ask nothing' },
    { flags: '--confirm <time>', about: 'how long it waits to be kept; default 60s' },
    { flags: '--keep', about: 'keep the scheme that waits' },
    { flags: '--base <etag>', about: 'the scheme that the file was made from; default: the present one' },
  ],
  examples: [
    { line: 'hanbus apply house.yaml', about: 'shows the changes, applies them, asks whether they are right' },
    { line: 'hanbus apply house.yaml --diff', about: 'look first' },
    { line: 'hanbus apply house.yaml --no-input', about: 'in a script: it waits for the next line' },
    { line: 'hanbus apply --keep', about: 'it stays' },
  ],
  contract: 'apply',
  async run(call) {
    const { words, options, globals } = call;
    const door = await call.door();
    if (options.keep === true) return await keepWaiting(call, door);
    const [file] = words;
    if (file === undefined) return tell(call, await askApply(door, { who: whoHere(call) }));
    const now = await askScheme(door);
    const local = await localScheme(call, file, now);
    const question = questionOf(call, now, newTexts(local, textsOf(now)));
    if (Object.keys(question.files ?? {}).length === 0) return await unchanged(call, door);
    const dry = withPlaces(await askApply(door, { ...question, dryRun: true }), now, local);
    if (!dry.ok) return await refused(call, door, dry, question);
    const isDry = options.diff === true;
    if (isDry || !globals.json) show(call, dry, now, local);
    if (isDry) return 0;
    return await applied(call, door, withPlaces(await askApply(door, question), now, local));
  },
};

/** The node has these texts; with errors in them it does not run them. */
async function unchanged(call: Call, door: Door): Promise<number> {
  const { screen, globals } = call;
  const answer = await askApply(door, { who: whoHere(call) });
  if (globals.json) screen.json(answer);
  if (!answer.ok) return refusal(call, answer);
  screen.note('Nothing to change: the node has this scheme.');
  return 0;
}

function questionOf(
  call: Call,
  { etag }: SchemeAnswer,
  files: Readonly<Record<string, string>>,
): ControlRequests['apply'] {
  const { options } = call;
  const waitMs = durationOption('--confirm', options.confirm);
  const confirm = waitMs === undefined ? (options.yes === true ? 0 : 60) : waitMs / 1_000;
  const base = typeof options.base === 'string' ? options.base : etag;
  const question = { files, etag: base, confirm, who: whoHere(call) };
  refuseLarge(question);
  return question;
}

/** Problems at the places of the files here, which a person can open. */
function withPlaces(answer: ApplyAnswer, { main }: SchemeAnswer, { places }: LocalScheme): ApplyAnswer {
  const here = new Map(Object.entries(places).map(([name, place]) => [join(dirname(main), name), place]));
  const problems = answer.problems.map((problem) => {
    const file = here.get(problem.file ?? '');
    return file === undefined ? problem : { ...problem, file };
  });
  return { ...answer, problems };
}

function show({ screen, globals }: Call, dry: ApplyAnswer, now: SchemeAnswer, { texts }: LocalScheme): void {
  if (globals.json) {
    screen.json(dry);
    return;
  }
  const before = textsOf(now);
  const fresh = Object.fromEntries(Object.entries(texts).filter(([path]) => dry.files.includes(path)));
  const old = Object.fromEntries(Object.keys(fresh).map((path) => [path, before[path]]));
  for (const line of filesDiff(old, fresh, 'new')) screen.out(tintedDiff(line, screen));
  if (dry.changes !== undefined) {
    screen.out(`On ${dry.node}:`);
    for (const line of changeLines(dry.changes, screen)) screen.out(line);
  }
  for (const line of dry.problems.flatMap((problem) => problemLines(problem, screen))) screen.out(line);
}

async function refused(call: Call, door: Door, dry: ApplyAnswer, { etag }: ControlRequests['apply']): Promise<number> {
  const { screen, globals } = call;
  if (!globals.json && etag !== undefined && dry.problems.some(({ code }) => code === 'HB390'))
    await showOthers(call, door, etag);
  if (globals.json) screen.json(dry);
  return refusal(call, dry);
}

/** What somebody else has changed since. */
async function showOthers({ screen }: Call, door: Door, etag: string): Promise<void> {
  const now = await askScheme(door);
  if (!now.versions.some((version) => version.etag === etag)) return;
  const base = await askScheme(door, etag);
  for (const line of filesDiff(textsOf(base), textsOf(now), 'as it is now')) screen.out(tintedDiff(line, screen));
}

function refusal({ screen, globals }: Call, { problems }: ApplyAnswer): number {
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (!globals.json) {
    for (const line of problems.flatMap((problem) => problemLines(problem, screen))) screen.wrong(line);
    screen.wrong(`${screen.tint('red', '✗')} ${counted(errors.length, 'error')}; nothing was changed`);
  }
  return exitOf(errors[0]?.code ?? 'HB392');
}

function isAsked({ options, globals, world }: Call): boolean {
  return options.yes !== true && globals.input && !globals.json && world.stdinIsTTY;
}

async function applied(call: Call, door: Door, answer: ApplyAnswer): Promise<number> {
  const code = tell(call, answer);
  const { screen, globals } = call;
  if (code === 0 && !globals.json) await showHealth(call, door);
  if (code !== 0 || answer.confirmWithinMs === undefined) return code;
  if (isAsked(call)) return await keepOrBack(call, door, answer);
  if (globals.json) return 0;
  screen.out(`It is on trial for ${spanText(answer.confirmWithinMs)}, then the scheme before comes back.`);
  screen.out('  keep it       hanbus apply --keep');
  screen.out('  take it back  hanbus undo scheme');
  return 0;
}

/** What the node itself finds wrong now, such as a port that another program has. */
async function showHealth({ screen }: Call, door: Door): Promise<void> {
  const { health } = await askStatus(door);
  const wrong = health.filter(({ severity }) => severity !== 'note');
  for (const line of wrong.flatMap((problem) => problemLines(problem, screen))) screen.out(line);
}

function tell(call: Call, answer: ApplyAnswer): number {
  const { screen, globals } = call;
  if (globals.json) screen.json(answer);
  if (!answer.ok) return refusal(call, answer);
  if (globals.json) return 0;
  const { version, kept } = answer;
  const what = version === undefined ? 'the node runs the files as they are' : `version ${version.number} runs`;
  screen.out(`${screen.tint('green', '✓')} ${what}`);
  if (version !== undefined && answer.confirmWithinMs === undefined) screen.out('  Back: hanbus undo');
  if (kept === false) screen.note('The disk refuses to remember it: hanbus status');
  return 0;
}

async function keepWaiting(call: Call, door: Door): Promise<number> {
  const { screen, globals } = call;
  const { trial, ended } = await askScheme(door);
  const answer = await keep(call, door, trial?.etag ?? ended?.etag ?? '*');
  if (globals.json) screen.json(answer);
  else screen.out(`${screen.tint('green', '✓')} the scheme is kept`);
  return 0;
}
