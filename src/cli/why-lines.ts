import type { ExplanationAnswer, PathAnswer } from '../schemes/why-contracts.ts';
import { columns } from './columns.ts';
import { momentText } from './rule-lines.ts';
import type { Screen } from './screen.ts';
import { spanText } from './spans.ts';

interface Look {
  readonly screen: Screen;
  readonly now: number;
  readonly long?: boolean;
}

type Trace = ExplanationAnswer['traces'][number];

/** What a rule does now, what it waits for, and what it did. */
export function ruleLines(rule: ExplanationAnswer, look: Look): readonly string[] {
  const { screen, now, long = false } = look;
  const { traces, last } = rule;
  const ran = last === undefined ? 'never ran' : `last run: ${runText(last, now)}`;
  const shown = long ? traces : traces.filter(({ result }) => result !== 'acted').slice(0, 3);
  return [
    ...columns([[screen.tint('bold', rule.rule), STATES[rule.state], ran]]),
    ...(rule.words === undefined ? [] : [`  in words  ${rule.words}`]),
    ...columns(
      rule.tests.map((test) => [`  ${test.part}`, test.text, markOf(test, screen), test.needs ?? nowText(test)]),
    ),
    ...(rule.nearest === undefined ? [] : [`  closest   ${rule.nearest.text} at ${momentText(rule.nearest.at, now)}`]),
    ...(rule.missing === undefined ? [] : [`  missing   ${rule.missing.join(', ')}`]),
    `  next      ${rule.next}`,
    ...(shown.length === 0 ? [] : [long ? '  runs' : '  did not run']),
    ...shown.flatMap((trace) => traceLines(trace, now)),
  ];
}

const STATES: Readonly<Record<ExplanationAnswer['state'], string>> = {
  flapping: 'paused: it flapped',
  paused: 'paused by a person',
  ready: 'nothing to do',
  running: 'running now',
  waiting: 'waiting',
};

function runText({ at, steps }: Trace, now: number): string {
  const [first] = steps;
  const when = momentText(at, now);
  if (first === undefined) return when;
  const took = first.ms === undefined ? '' : ` in ${Math.round(first.ms)} ms`;
  const did =
    first.state === 'done' ? `confirmed${took}` : `${first.state}${first.why === undefined ? '' : `: ${first.why}`}`;
  const more = steps.length > 1 ? `, and ${steps.length - 1} more` : '';
  return `${when}, ${first.text}, ${did}${more}`;
}

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

function traceLines({ at, result, cause, steps }: Trace, now: number): readonly string[] {
  const head = `    ${momentText(at, now)}  ${RESULTS[result]}  ${cause}`;
  const rows = steps.map(({ text, state, ms, why = '' }) => [
    `      ${text}`,
    state,
    ms === undefined ? '' : `${Math.round(ms)} ms`,
    why,
  ]);
  return [head, ...columns(rows)];
}

const RESULTS: Readonly<Record<Trace['result'], string>> = {
  acted: 'ran',
  condition: 'the condition did not hold:',
  cooldown: 'too soon after the last run:',
  failed: 'failed',
  ignored: 'ran already:',
  paused: 'paused:',
  short: 'too short:',
};

/** The way of a value, from its device to those who use it. */
export function pathLines(path: PathAnswer, { screen, now }: Look): readonly string[] {
  const { device, policy, reading, command, readBy, writtenBy } = path;
  const unit = path.unit === undefined ? '' : `, ${path.unit}`;
  const rows = [
    ['  device', device === undefined ? '' : deviceText(device)],
    ['  reading', reading === undefined ? 'none yet' : readingText(reading, now)],
    ['  policy', policy === undefined ? '' : policyText(policy)],
    ['  command', command === undefined ? '' : commandText(command, now)],
    ['  read by', readBy.join(', ')],
    ['  set by', writtenBy.join(', ')],
  ];
  return [
    `${screen.tint('bold', path.point)}   ${path.type}${unit}`,
    ...columns(rows.filter(([, text]) => text !== '')),
  ];
}

function deviceText({ name, kind, at, state, why }: NonNullable<PathAnswer['device']>): string {
  const parts = [`${kind} at ${at}`, state ?? '', why ?? ''].filter((part) => part !== '');
  return `${name}: ${parts.join(', ')}`;
}

function readingText({ text, quality, why, time }: NonNullable<PathAnswer['reading']>, now: number): string {
  const age = time === undefined ? '' : `, ${ageText(now - time)}`;
  const doubt = quality === 'good' ? '' : `, ${quality}${why === undefined ? '' : `: ${why}`}`;
  return `${text}${age}${doubt}`;
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
