import type { ReplayAnswer, RulesAnswer } from '../schemes/rule-contracts.ts';
import { type Align, columns, cut, width } from './columns.ts';
import type { Screen } from './screen.ts';
import { counted, spanText, timeText } from './spans.ts';
import { wrap } from './wrap.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const MOST_SHOWN = 6;

type Status = RulesAnswer['rules'][number];

const MARKS: Readonly<Record<Status['state'], string>> = {
  flapping: '▲',
  paused: '○',
  ready: '●',
  running: '→',
  waiting: '◌',
};

/** One line for each rule: state, what starts it, when it ran. Below them, what failed. */
export function ruleTable(rules: readonly Status[], screen: Screen, now: number): readonly string[] {
  const head = ['RULE', 'STATE', 'TODAY', 'LAST RUN', 'WHEN'].map((word) => screen.tint('dim', word));
  const starts = rules.map((rule) => [
    rule.rule,
    stateOf(rule, screen),
    String(rule.today),
    rule.lastRun === undefined ? '–' : `${spanText(now - rule.lastRun)}${now - rule.lastRun < 1_000 ? '' : ' ago'}`,
  ]);
  const widths = columns([head.slice(0, 4), ...starts], ALIGNS).map(width);
  const room = Math.max(20, screen.columns - Math.max(...widths) - 2);
  const rows = rules.map((rule, index) => [...(starts[index] ?? []), cut(whenOf(rule), room)]);
  return [...columns([head, ...rows], ALIGNS), ...rules.flatMap((rule) => failureLines(rule, screen))];
}

const ALIGNS: readonly Align[] = ['left', 'left', 'right', 'left', 'left'];

function stateOf({ state, lastFailure }: Status, screen: Screen): string {
  if (state === 'ready' && lastFailure !== undefined) return screen.tint('yellow', `${MARKS.flapping} failed`);
  const text = `${MARKS[state]} ${state}`;
  return state === 'flapping' ? screen.tint('yellow', text) : text;
}

function whenOf({ when, missing }: Status): string {
  return missing === undefined ? when.join(' · ') : `waits for ${missing.join(', ')}`;
}

/** What failed at the last run, and the command that tells more. */
function failureLines({ rule, lastFailure }: Status, screen: Screen): readonly string[] {
  if (lastFailure === undefined) return [];
  const said = wrap(`${rule} failed: ${lastFailure}`, screen.columns - 2);
  const mark = screen.tint('yellow', MARKS.flapping);
  const lines = said.map((line, index) => (index === 0 ? `${mark} ${line}` : `  ${line}`));
  return ['', ...lines, `  See: ${screen.tint('bold', `hanbus why ${rule}`)}`];
}

/** What a rule means. */
export function wordLines(words: string, screen: Screen): readonly string[] {
  return hanging(`In words: ${words}`, screen);
}

function hanging(text: string, { columns: wide }: Screen): readonly string[] {
  return wrap(text, wide - 2).map((line, index) => (index === 0 ? line : `  ${line}`));
}

/** A text and what can be done next, on one line when there is room. */
export function besides(text: string, more: string, { columns: wide }: Screen): readonly string[] {
  return width(text) + more.length + 2 <= wide ? [`${text}  ${more}`] : [text, `  ${more}`];
}

interface ReplayLook {
  readonly long: boolean;
  readonly screen: Screen;
}

/** What a replay gave. `long`: each run in a line of its own. */
export function replayLines(answer: ReplayAnswer, { long, screen }: ReplayLook): readonly string[] {
  const { runs, from, to, readings, noHistory = [], more = 0 } = answer;
  const span = to - from <= 2 * DAY_MS ? `${Math.round((to - from) / HOUR_MS)} h` : spanText(to - from);
  if (readings === 0) return [`There is no history of the last ${span} to play it on.`];
  const lacks = noHistory.length === 0 ? [] : [`Without history: ${noHistory.join(', ')}`];
  const total = runs.length + more;
  if (total === 0) return [`Replayed on the last ${span}: would not have run.`, ...lacks];
  const times = runs.slice(0, MOST_SHOWN).map(({ at }) => momentText(at, to));
  const rest = total > times.length ? ', …' : '';
  const longest = Math.max(...runs.map(({ ms = 0 }) => ms));
  const lasted = longest === 0 ? '' : `, longest ${spanText(longest)}`;
  const head = `Replayed on the last ${span}: would have run ${counted(total, 'time')} (${times.join(', ')}${rest})${lasted}.`;
  return [...hanging(head, screen), ...(long ? runLines(answer) : []), ...lacks];
}

function runLines({ runs, to }: ReplayAnswer): readonly string[] {
  const rows = runs.map(({ at, ms, did }) => [
    `  ${momentText(at, to)}`,
    ms === undefined ? '' : spanText(ms),
    did.join(', '),
  ]);
  return columns(rows, ['left', 'right', 'left']);
}

/** `16:11:30` today, with the date before that. */
export function momentText(at: number, now: number): string {
  const day = dayText(at);
  if (day === dayText(now)) return timeText(at);
  return day === dayText(now - DAY_MS) ? `yesterday ${timeText(at)}` : `${day} ${timeText(at)}`;
}

function dayText(at: number): string {
  const date = new Date(at);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('-');
}
