import { HanbusError } from '../../kit/errors.ts';
import type { StatusAnswer } from '../../schemes/contracts.ts';
import { nearest } from '../../schemes/near.ts';
import { askStatus } from '../ask.ts';
import { columns } from '../columns.ts';
import { doorRows } from '../door-rows.ts';
import { nodeMark } from '../marks.ts';
import { problemLines } from '../problem-lines.ts';
import type { Screen } from '../screen.ts';
import { counted, spanText } from '../spans.ts';
import type { Verb } from '../verb.ts';

type NodeRow = StatusAnswer['nodes'][number];

export const verb: Verb = {
  name: 'status',
  summary: 'health first, then the node',
  group: 'look',
  first: 2,
  arguments: [{ name: 'node', about: 'only this node', completes: 'node' }],
  examples: [
    { line: 'hanbus status', about: 'exit code 0 all well, 1 something needs you, 69 no node runs' },
    { line: 'hanbus status --json', about: 'for scripts' },
  ],
  contract: 'status',
  async run({ words: [name], globals, screen, door }) {
    const whole = await askStatus(await door());
    const status = name === undefined ? whole : { ...whole, nodes: [nodeNamed(name, whole.nodes)] };
    if (globals.json) screen.json(status);
    else for (const line of statusLines(status, screen)) screen.out(line);
    return status.ok ? 0 : 1;
  },
};

function nodeNamed(name: string, nodes: readonly NodeRow[]): NodeRow {
  const found = nodes.find((node) => node.name === name);
  if (found !== undefined) return found;
  const names = nodes.map((node) => node.name);
  const near = nearest(name, names);
  const hint = near === undefined ? `There is: ${names.join(', ')}` : `Did you mean ${near}?`;
  throw new HanbusError('HB152', `there is no node "${name}". ${hint}`, { fix: 'hanbus status' });
}

function statusLines({ mesh, ok, health, nodes }: StatusAnswer, screen: Screen): string[] {
  const needs = health.filter(({ severity }) => severity !== 'note').length;
  const verdict = ok
    ? screen.tint('green', 'all well')
    : screen.tint('yellow', `${counted(needs, 'thing')} ${needs === 1 ? 'needs' : 'need'} you`);
  const title = [mesh ?? nodes[0]?.name ?? 'hanbus', counted(nodes.length, 'node'), verdict].join(' · ');
  const nothing = health.length === 0 ? '     HEALTH: nothing to report' : '';
  const problems = health.flatMap((problem) => problemLines(problem, screen));
  const table = columns(
    [
      ['NODE', 'STATE', 'LINK', 'DEVICES', 'POINTS', 'SENT/min', 'MEMORY', 'UP'],
      ...nodes.map((node) => nodeRow(node, screen)),
    ],
    ['left', 'left', 'left', 'right', 'right', 'right', 'right', 'right'],
  );
  return [
    `${title}${nothing}`,
    ...problems,
    '',
    ...table,
    ...nodes.filter(({ self }) => self).flatMap((node) => doorLines(node, health)),
  ];
}

function nodeRow(node: NodeRow, screen: Screen): string[] {
  const { name, state, self, devices, points, sentPerMinute, memoryMb, uptimeMs } = node;
  const counts = [devices, points, Math.round(sentPerMinute)].map(String);
  return [
    name,
    nodeMark(state, screen),
    self ? 'this node' : '',
    ...counts,
    `${Math.round(memoryMb)} MB`,
    spanText(uptimeMs),
  ];
}

function doorLines(node: NodeRow, health: StatusAnswer['health']): string[] {
  return ['', ...columns([...doorRows(node, health), ['board', `${node.board}; hanbus ${node.version}`]])];
}
