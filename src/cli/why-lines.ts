import type { ExplanationAnswer, PathAnswer } from '../schemes/why-contracts.ts';
import { beside, columns, width } from './columns.ts';
import { momentText } from './rule-lines.ts';
import type { Screen } from './screen.ts';
import { spanText } from './spans.ts';
import { wrap } from './wrap.ts';

interface Look {
  readonly screen: Screen;
  readonly now: number;
  readonly long?: boolean;
}

type Trace = ExplanationAnswer['traces'][number];

/** What a rule does now, what it waits for, and what it did. */
export function ruleLines(rule: ExplanationAnswer, look: Look): readonly string[] {
  const { screen, now } = look;
  const { last, nearest, words, missing } = rule;
  const name = screen.tint('bold', rule.rule);
  const ran = last === undefined ? 'never ran' : `last run: ${runText(last, now)}`;
  const state = STATES[rule.state];
  const isShort = rule.rule.length + state.length + ran.length + 4 <= screen.columns;
  return [
    ...(isShort
      ? columns([[name, state, ran]])
      : [...columns([[name, state]]), ...toldLines('last run', ran.slice('last run: '.length), screen)]),
    ...toldLines('in words', words, screen),
    ...testLines(rule.tests, screen),
    ...toldLines('closest', nearest && `${nearest.text} at ${momentText(nearest.at, now)}`, screen),
    ...toldLines('missing', missing?.join(', '), screen),
    ...toldLines('next', rule.next, screen),
    ...historyLines(rule.traces, look),
  ];
}

/** A line with a label in front; a text that is too long goes on below its own beginning. */
function toldLines(label: string, text: string | undefined, { columns: wide }: Screen): readonly string[] {
  return text === undefined ? [] : beside(`  ${label.padEnd(LABEL)}`, text, wide);
}

function testLines(tests: ExplanationAnswer['tests'], screen: Screen): readonly string[] {
  const starts = columns(tests.map((test) => [`  ${test.part.padEnd(LABEL)}`, test.text, markOf(test, screen)]));
  return tests.flatMap((test, index) => {
    const start = starts[index] ?? '';
    const said = test.needs ?? nowText(test);
    if (width(start) + 32 <= screen.columns) return beside(start, said, screen.columns);
    return [start, ...toldLines('', said, screen)];
  });
}

/** With `long` every run that is kept; otherwise the last ones that failed, and the last times that it did not run. */
function historyLines(traces: readonly Trace[], { screen, now, long = false }: Look): readonly string[] {
  const part = (title: string, shown: readonly Trace[]) =>
    shown.length === 0 ? [] : [`  ${title}`, ...shown.flatMap((trace) => traceLines(trace, now, screen))];
  if (long) return part('runs', traces);
  const failed = traces.filter(({ result }) => result === 'failed').slice(0, 2);
  const idle = traces.filter(({ result }) => result !== 'failed' && result !== 'acted').slice(0, 3);
  return [...part('failed', failed), ...part('did not run', idle)];
}

const LABEL = 'in words'.length;

const STATES: Readonly<Record<ExplanationAnswer['state'], string>> = {
  flapping: 'paused: it acted too often',
  paused: 'paused by a person',
  ready: 'nothing to do',
  running: 'running now',
  waiting: 'waiting',
};

function runText({ at, steps }: Trace, now: number): string {
  const [first] = steps;
  const when = momentText(at, now);
  if (first === undefined) return when;
  const place = steps.findIndex(({ state }) => BAD.has(state));
  const bad = steps[place];
  if (bad !== undefined) {
    const where = steps.length > 1 ? ` at step ${place + 1} of ${steps.length}` : '';
    return `${when}, ${bad.state}${where}${bad.why === undefined ? '' : `: ${bad.why}`}`;
  }
  const took = first.ms === undefined ? '' : ` in ${Math.round(first.ms)} ms`;
  const did = first.state === 'done' ? `confirmed${took}` : first.state;
  const more = steps.length > 1 ? `, and ${steps.length - 1} more` : '';
  return `${when}, ${first.text}, ${did}${more}`;
}

const BAD: ReadonlySet<string> = new Set(['expired', 'failed', 'rejected', 'superseded', 'unknown']);

function nowText({ now }: ExplanationAnswer['tests'][number]): string {
  const values = Object.entries(now).map(([, value]) => (value === null ? 'unknown' : valueText(value)));
  return values.length === 0 ? '' : `${values.join(', ')} now`;
}

function valueText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function markOf({ holds }: ExplanationAnswer['tests'][number], screen: Screen): string {
  if (holds === null) return '?';
  return holds ? screen.tint('green', '✓') : screen.tint('red', '✗');
}

function traceLines({ at, result, cause, steps }: Trace, now: number, screen: Screen): readonly string[] {
  const head = `    ${momentText(at, now)}  ${RESULTS[result]} ${cause}`;
  const starts = columns(
    steps.map(({ text, state, ms }) => [`      ${text}`, state, ms === undefined ? '' : `${Math.round(ms)} ms`]),
    ['left', 'left', 'right'],
  );
  const rows = steps.flatMap(({ why }, index) => {
    const start = starts[index] ?? '';
    if (why === undefined) return [start];
    if (`${start}  ${why}`.length <= screen.columns) return [`${start}  ${why}`];
    return [start, ...wrap(why, screen.columns - 8).map((line) => `        ${line}`)];
  });
  return [head, ...rows];
}

const RESULTS: Readonly<Record<Trace['result'], string>> = {
  acted: 'ran on',
  condition: 'the condition did not hold:',
  cooldown: 'too soon after the last run:',
  failed: 'failed on',
  ignored: 'ran already:',
  paused: 'paused:',
  short: 'too short:',
};

/** The way of a value, from its device to those who use it. */
export function pathLines(path: PathAnswer, { screen, now }: Look): readonly string[] {
  const { device, policy, reading, command, readBy, writtenBy } = path;
  const unit = path.unit === undefined ? '' : `, ${path.unit}`;
  const rows = [
    ['device', device === undefined ? '' : deviceText(device)],
    ['reading', reading === undefined ? 'none yet' : readingText(reading, now)],
    ['policy', policy === undefined ? '' : policyText(policy)],
    ['command', command === undefined ? '' : commandText(command, now)],
    ['read by', readBy.join(', ')],
    ['set by', writtenBy.join(', ')],
  ];
  return [
    `${screen.tint('bold', path.point)}   ${path.type}${unit}`,
    ...rows.flatMap(([label = '', text = '']) => toldLines(label, text === '' ? undefined : text, screen)),
  ];
}

function deviceText({ name, kind, at, state, why }: NonNullable<PathAnswer['device']>): string {
  const parts = [`${kind} at ${at}`, state ?? '', why ?? ''].filter((part) => part !== '');
  return `${name}: ${parts.join(', ')}`;
}

function readingText({ text, quality, why, time }: NonNullable<PathAnswer['reading']>, now: number): string {
  const age = time === undefined ? '' : `, ${ageText(now - time)}`;
  const doubt = quality === 'good' ? '' : `, ${quality}${why === undefined ? '' : `: ${why}`}`;
  return `${text === '' ? 'an empty text' : text}${age}${doubt}`;
}

function ageText(ms: number): string {
  return ms < 1_000 ? 'now' : `${spanText(ms)} ago`;
}

/** Its origins are for `config show`. */
function policyText(policy: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(policy).filter(([key]) => key !== 'origin');
  return entries.map(([key, value]) => `${key} ${valueText(value)}`).join(', ');
}

function commandText({ value, by, at, state, why }: NonNullable<PathAnswer['command']>, now: number): string {
  const outcome = state === undefined ? '' : `, ${state}${why === undefined ? '' : `: ${why}`}`;
  return `${value} by ${by}, ${momentText(at, now)}${outcome}`;
}
