import { sleep } from '../../kit/clock.ts';
import { HanbusError } from '../../kit/errors.ts';
import type { StatusAnswer } from '../../schemes/contracts.ts';
import { nearest } from '../../schemes/near.ts';
import { askStatus } from '../ask.ts';
import { columns } from '../columns.ts';
import type { Door } from '../door.ts';
import { doorRows } from '../door-rows.ts';
import { nodeMark } from '../marks.ts';
import { problemLines } from '../problem-lines.ts';
import type { Screen } from '../screen.ts';
import { counted, spanText } from '../spans.ts';
import type { Call, Verb } from '../verb.ts';

type NodeRow = StatusAnswer['nodes'][number];

export const verb: Verb = {
  name: 'status',
  summary: 'health first, then the node',
  group: 'look',
  first: 2,
  arguments: [{ name: 'node', about: 'only this node', completes: 'node' }],
  options: [{ flags: '--watch', about: 'again every 2 s until Ctrl-C; with --json a line each' }],
  examples: [
    { line: 'hanbus status', about: 'exit code 0 all well, 1 something needs you, 69 no node runs' },
    { line: 'hanbus status --watch', about: 'keep an eye on it' },
    { line: 'hanbus status --json', about: 'for scripts' },
  ],
  contract: 'status',
  async run(call) {
    const door = await call.door();
    if (call.options.watch === true) return await watch(call, door);
    const status = await ask(call, door);
    for (const line of textOf(status, call)) call.screen.out(line);
    return status.ok ? 0 : 1;
  },
};

async function ask({ words: [name] }: Call, door: Door): Promise<StatusAnswer> {
  const whole = await askStatus(door);
  return name === undefined ? whole : { ...whole, nodes: [nodeNamed(name, whole.nodes)] };
}

function textOf(status: StatusAnswer, { globals, screen }: Call): string[] {
  return globals.json ? [JSON.stringify(status)] : statusLines(status, screen);
}

const AGAIN_MS = 2_000;
const CLEAR = '\u001b[H\u001b[2J';

/** On a terminal each answer takes the place of the one before. Ends with Ctrl-C. */
async function watch(call: Call, door: Door): Promise<number> {
  const { world, screen, globals } = call;
  const stop = new AbortController();
  const release = world.onSignal(() => stop.abort());
  const ended = AbortSignal.any([stop.signal, world.stdout.closed]);
  try {
    while (!ended.aborted) {
      const lines = textOf(await ask(call, door), call);
      if (world.stdout.isTTY && !globals.json) screen.raw(CLEAR);
      for (const line of lines) screen.out(line);
      if (!world.stdout.isTTY && !globals.json) screen.out('');
      await sleep(world.clock, AGAIN_MS, ended);
    }
  } finally {
    release();
  }
  return stop.signal.aborted ? 130 : 0;
}

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
