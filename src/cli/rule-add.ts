import { HanbusError } from '../kit/errors.ts';
import { isName, nameFrom } from '../schemes/names.ts';
import type { ReplayAnswer, RuleAnswer } from '../schemes/rule-contracts.ts';
import { addRule, ruleYaml } from '../schemes/rule-edit.ts';
import { Misread, parseSentence, type RuleData } from '../schemes/rule-sentence.ts';
import { askReplay, awaitRule } from './ask-rules.ts';
import { type Door, openOrNone } from './door.ts';
import { durationOption } from './globals.ts';
import { besides, replayLines, wordLines } from './rule-lines.ts';
import { agrees, type Draft, draftOf, isSound, loadDraft, showDraft, whereItRuns, writeDraft } from './scheme-edit.ts';
import { counted } from './spans.ts';
import type { Call } from './verb.ts';

const DAY_MS = 86_400_000;
/** More runs in the replay than this are worth a question. */
const MANY_RUNS = 100;
const INVALID = 78;

/** Writes the rule of a sentence into the scheme, after it was put in words and tried on history. */
export async function addSentence(asked: Call, sentence: string): Promise<number> {
  const { options, screen, globals } = asked;
  const rule = readSentence(sentence);
  const name = nameOf(options.name, rule);
  const door = await openOrNone(asked);
  const call = await whereItRuns(asked, door);
  const added = await draftRule(call, { name, rule, door });
  if (!globals.json) await tell(call, added);
  if (!(await isSound(call, await loadDraft(call, added.draft)))) return INVALID;
  const answer = answerOf(added);
  if (options.dryRun === true) {
    if (globals.json) screen.json({ ...answer, dry: true });
    return 0;
  }
  const { replayed: runs = 0 } = answer;
  if (runs > MANY_RUNS && !(await agrees(call, `It would have run ${runs} times. Save it?`))) return 1;
  await writeDraft(call, added.draft, `hanbus rule add ${JSON.stringify(sentence)} --name ${name} --yes`);
  const state = door === undefined ? undefined : await awaitRule(call, door, { name, isThere: true });
  if (globals.json) screen.json(answer);
  else for (const line of savedLines(call, added, state)) screen.out(line);
  return 0;
}

interface Wanted {
  readonly name: string;
  readonly rule: RuleData;
  readonly door: Door | undefined;
}

async function draftRule(call: Call, { name, rule, door }: Wanted): Promise<Added> {
  const { paths, world } = call;
  const replayed = door === undefined ? undefined : await replayNew(call, door, { name, rule });
  const before = (await world.files.text(paths.config)) ?? '';
  return { name, rule, replayed, draft: draftOf(paths.config, before, addRule(before, name, rule)) };
}

/** Throws HB347. */
function readSentence(sentence: string): RuleData {
  try {
    return parseSentence(sentence);
  } catch (error) {
    if (!(error instanceof Misread)) throw error;
    const fix = 'hanbus rule add "when air.temperature > 28°C for 2min then fan on else fan off"';
    throw new HanbusError('HB347', `the sentence is not understood: ${error.message}`, { fix, cause: error });
  }
}

/** What a person chose, or the first thing that the rule switches. Throws HB150. */
function nameOf(chosen: Call['options'][string], rule: RuleData): string {
  if (typeof chosen === 'string') {
    if (isName(chosen)) return chosen;
    const near = nameFrom(chosen, 'rule');
    throw new HanbusError('HB150', `"${chosen.slice(0, 40)}" cannot name a rule`, { fix: `--name ${near}` });
  }
  const then: unknown = Array.isArray(rule.then) ? rule.then[0] : rule.then;
  const [target = 'rule'] = typeof then === 'object' && then !== null ? Object.keys(then) : [];
  return nameFrom(`${target} rule`, 'rule');
}

function replayNew(call: Call, door: Door, what: { name: string; rule: RuleData }): Promise<ReplayAnswer> {
  const sinceMs = durationOption('--since', call.options.since) ?? DAY_MS;
  return askReplay(door, { ...what, sinceMs });
}

interface Added {
  readonly name: string;
  readonly rule: RuleData;
  /** Undefined: no node runs. */
  readonly replayed: ReplayAnswer | undefined;
  readonly draft: Draft;
}

async function tell(call: Call, { replayed, draft }: Added): Promise<void> {
  const { screen, options } = call;
  if (replayed === undefined) screen.note('No node is running here, so the rule was not tried on history.');
  else {
    for (const line of wordLines(replayed.words, screen)) screen.out(line);
    for (const line of replayLines(replayed, { long: false, screen })) screen.out(line);
  }
  if (options.dryRun === true) await showDraft(call, draft);
}

function answerOf({ name, rule, replayed, draft }: Added): RuleAnswer {
  return {
    hanbus: 'rule/1',
    ...(replayed === undefined ? {} : { node: replayed.node, words: replayed.words }),
    rule: name,
    did: 'added',
    file: draft.path,
    yaml: ruleYaml(name, rule),
    ...(replayed === undefined ? {} : { replayed: replayed.runs.length + (replayed.more ?? 0) }),
  };
}

function savedLines({ screen }: Call, added: Added, state: string | undefined): readonly string[] {
  const { draft, name, replayed } = added;
  const where = `${screen.tint('green', '✓')} saved in ${draft.path} (${counted(draft.lines, 'line')})`;
  if (replayed === undefined) return besides(`${where}.`, 'It runs when the node starts: hanbus up', screen);
  const { node } = replayed;
  if (state === undefined) return besides(`${where}.`, `${node} has not taken it up yet: hanbus status`, screen);
  const runs = state === 'waiting' ? `waits for a point on ${node}` : `is running on ${node}`;
  return besides(`${where}; it ${runs}.`, `See: hanbus why ${name}`, screen);
}
