import type { Case, Column, Goal, Row } from './case.ts';
import type { Outcome } from './measure.ts';

/** One case as text: a line a broker, then our ratios beside the goals. */
export function reportOf(wanted: Case, outcomes: readonly Outcome[]): string {
  const lines = [`${wanted.name}: ${wanted.text}`, ...table(wanted, outcomes), ''];
  for (const goal of wanted.goals) lines.push(goalLine(goal, outcomes));
  for (const { broker, failure } of outcomes) if (failure !== undefined) lines.push(`${broker} failed: ${failure}`);
  return `${lines.join('\n')}\n`;
}

/** The second column is the broker's first figure as a part of Mosquitto's. */
function table({ columns }: Case, outcomes: readonly Outcome[]): string[] {
  const first = columns[0];
  const theirs = rowOf('mosquitto', outcomes)?.[first?.key ?? ''];
  const rows = outcomes.flatMap(({ broker, row }) => (row === undefined ? [] : [{ broker, row }]));
  const cells = [
    ['broker', first?.title ?? '', 'to Mosquitto', ...columns.slice(1).map(({ title }) => title)],
    ...rows.map(({ broker, row }) => {
      const own = row[first?.key ?? ''] ?? Number.NaN;
      const ratio = theirs === undefined ? '-' : figure(own / theirs);
      return [broker, figure(own), ratio, ...columns.slice(1).map((column) => cell(row, column))];
    }),
  ];
  const widths = (cells[0] ?? []).map((_, index) => Math.max(...cells.map((line) => (line[index] ?? '').length)));
  return cells.map((line) =>
    line
      .map((text, index) => (index === 0 ? text.padEnd(widths[index] ?? 0) : text.padStart(widths[index] ?? 0)))
      .join('  '),
  );
}

const cell = (row: Row, { key }: Column): string => figure(row[key] ?? Number.NaN);

/** Three digits that matter, no more. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '-';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}

const rowOf = (name: string, outcomes: readonly Outcome[]): Row | undefined =>
  outcomes.find(({ broker }) => broker === name)?.row;

/** Our figure for a goal; NaN when a broker that it needs has none. */
export function goalValue({ key, of }: Goal, outcomes: readonly Outcome[]): number {
  const [first = '', second] = of.split('/');
  const value = rowOf(first, outcomes)?.[key] ?? Number.NaN;
  return second === undefined ? value : value / (rowOf(second, outcomes)?.[key] ?? Number.NaN);
}

const HOW = {
  'mosquitto/hanbus': 'times less than Mosquitto',
  'nats/hanbus': 'times less than NATS',
  'hanbus/mosquitto': 'times Mosquitto',
  hanbus: '',
  node: '',
};

function goalLine(goal: Goal, outcomes: readonly Outcome[]): string {
  const value = goalValue(goal, outcomes);
  const { least, most } = goal;
  const isMet = value >= (least ?? Number.NEGATIVE_INFINITY) && value <= (most ?? Number.POSITIVE_INFINITY);
  const wanted = least === undefined ? `<= ${most}` : `>= ${least}`;
  const verdict = Number.isNaN(value) ? 'not known' : isMet ? 'met' : 'missed';
  return `hanbus, ${goal.text}: ${`${figure(value)} ${HOW[goal.of]}`.trim()}  (goal ${wanted}: ${verdict})`;
}
