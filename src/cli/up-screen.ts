import type { DeviceAnswer, PointAnswer, ScanAnswer } from '../schemes/contracts.ts';
import { columns, cut, fitted } from './columns.ts';
import { doorRows } from './door-rows.ts';
import { problemLines } from './problem-lines.ts';
import type { Screen } from './screen.ts';
import { counted, spanText } from './spans.ts';
import type { UpSummary } from './up-world.ts';

export interface UpFacts {
  /** How long the machine has been up; absent for a simulated one. */
  readonly machineUptimeMs?: number;
  /** The end of the last line: who keeps the node running. */
  readonly ending: string;
  /** What to do next, a row each. */
  readonly next?: readonly (readonly string[])[];
}

type Seen = ScanAnswer['seen'][number];

/** Devices of a group that get a line each; more of them are summed up. */
const LINES_FOR_DEVICES = 4;
const LINES_FOR_SEEN = 3;

/** The first screen: what was found, with values, what was not used, how to reach it. ux: one glance, no questions. */
export function upLines(summary: UpSummary, screen: Screen, { machineUptimeMs, ending, next = [] }: UpFacts): string[] {
  const { status, list, scan } = summary;
  const node = status.nodes.find(({ self }) => self);
  const title = `${screen.tint('bold', list.node)}   ${node?.board ?? ''}${uptimeText(machineUptimeMs)}`;
  const wanted = status.health.filter(({ severity }) => severity !== 'note');
  const problems = wanted.flatMap((problem) => problemLines(problem, screen));
  const points = list.devices.flatMap((device) => device.points);
  return [
    title,
    ...columns(groupRows(list.devices, scan.seen, screen)),
    ...(problems.length === 0 ? [] : ['', ...problems]),
    '',
    ...columns(reachRows(summary)),
    '',
    `${screen.tint('green', '✓')} ${publishedText(points)} ${ending}`,
    ...columns(next.map(([what = '', command = '']) => [`  ${what}`, screen.tint('bold', command)])),
  ];
}

/** How many points have a value, and how many do not yet: together all that were counted above. */
function publishedText(points: readonly PointAnswer[]): string {
  const waiting = points.filter(({ quality }) => quality === 'none').length;
  const live = counted(points.length - waiting, 'point is', 'points are');
  if (waiting === 0) return `${live} being published.`;
  return `${live} being published, ${waiting} more ${waiting === 1 ? 'waits for its' : 'wait for their'} first value.`;
}

function uptimeText(ms: number | undefined): string {
  if (ms === undefined) return ', simulated';
  return ms < 60_000 ? ', just started' : `, up ${spanText(ms)}`;
}

function groupRows(devices: readonly DeviceAnswer[], seen: readonly Seen[], screen: Screen): string[][] {
  const names = ['board', ...devices.map(({ group }) => group), ...seen.map(({ group }) => group)];
  return [...new Set(names)].flatMap((group) => {
    const mine = devices.filter((device) => device.group === group);
    // Beside devices that work, only what asks for something; all of it is in `hanbus scan`.
    const told = seen.filter((one) => one.group === group && (mine.length === 0 || one.fix !== undefined));
    const rows = [...deviceRows(mine, screen), ...seenRows(told)];
    return rows.map((row, index) => [`  ${index === 0 ? group : ''}`, ...row]);
  });
}

function deviceRows(devices: readonly DeviceAnswer[], screen: Screen): string[][] {
  if (devices.length === 0) return [];
  const wide = Math.min(screen.columns, 160) - 22;
  const points = devices.flatMap((device) => device.points);
  if (devices.length > LINES_FOR_DEVICES || devices[0]?.group === 'board') {
    return [[counted(points.length, 'point'), fitted(valuesOf(devices), wide)]];
  }
  return devices.map((device, index) => [
    index === 0 ? counted(devices.length, 'device') : '',
    deviceText(device, wide),
  ]);
}

function deviceText(device: DeviceAnswer, wide: number): string {
  const { about, kind, state, why, name } = device;
  const what = cut(about ?? kind, 40);
  if (state !== 'ready' && state !== 'init')
    return `${what} → ${name} is ${state}${why === undefined ? '' : `: ${why}`}`;
  return `${what} → ${fitted(valuesOf([device]), wide - what.length - 3) || name}`;
}

/** Values of the devices in turn, so that a short line shows something of each. */
function valuesOf(devices: readonly DeviceAnswer[]): string[] {
  const rows = devices.map(({ name, points }) =>
    points
      .filter(({ quality }) => quality !== 'none')
      .map((point) => `${name}.${point.name} ${cut(point.text, 32)}`.trimEnd()),
  );
  const longest = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: longest }, (_, index) => rows.flatMap((row) => row[index] ?? [])).flat();
}

function seenRows(seen: readonly Seen[]): string[][] {
  const shown = seen.slice(0, LINES_FOR_SEEN).map(({ what, fix }) => [what, fix === undefined ? '' : `Fix: ${fix}`]);
  const more = seen.length - shown.length;
  const rows = shown.map(([what = '', fix = '']) => ['', fix === '' ? what : `${what}   ${fix}`]);
  return more > 0 ? [...rows, ['', `${more} more: hanbus scan`]] : rows;
}

function reachRows({ status }: UpSummary): string[][] {
  const node = status.nodes.find(({ self }) => self);
  return node === undefined ? [] : doorRows(node, status.health).map(([name = '', text = '']) => [`  ${name}`, text]);
}

/** What a second `up` says first: what came and went since the last harvest. */
export function changeLines({ devices }: ScanAnswer, screen: Screen): string[] {
  return devices.flatMap(({ change, name, about, kind, group }) => {
    if (change === undefined) return [];
    const [mark, tint] = change === 'gone' ? (['-', 'yellow'] as const) : (['+', 'green'] as const);
    return [
      `${screen.tint(tint, mark)} ${name} is ${change === 'back' ? 'back' : change} (${about ?? kind}, ${group})`,
    ];
  });
}
