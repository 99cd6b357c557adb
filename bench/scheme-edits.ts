// The longest turn of the loop of a node while its scheme is edited: nothing else can happen in that time.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeHost } from '../src/node/host.ts';
import { startNode } from '../src/node.ts';
import { freePort } from './node-process.ts';
import { print } from './print.ts';

/** Lines of a scheme, nearly all of them rules. */
const LINES = [25, 125, 555, 1_605];
const MANY_RULES = 1_000;
const EDITS = 6;
const PATIENCE_MS = 30_000;

const actions = [
  (index: number) => `{when: message "in/m${index}", then: {publish: {topic: out/m${index}, text: "{message}"}}}`,
  (index: number) =>
    `{when: board.load > ${index} for 5min, if: "time in 06:00..20:00", then: {home.mode: away}, cooldown: 2h}`,
  (index: number) =>
    `{when: board.load > ${index}, then: [{home.level: ${index}}, {wait: 5s}, {home.level: 0}], else: {home.mode: home}}`,
  (index: number) => `{when: every 15min, if: "avg(board.load, 1h) > ${index}", then: {home.mode: night}}`,
];

function schemeOf(port: number, rules: number, version: number): string {
  const lines = Array.from({ length: rules }, (_, index) => {
    const of = actions[index % actions.length] ?? String;
    return `  r${index}: ${of(index === version ? 10_000 + version : index)}`;
  });
  return [
    `broker: {listen: ${port}}`,
    'home: {mode: {values: [home, away, night], initial: home}, level: {type: number, initial: 0}}',
    'rules:',
    ...lines,
    '',
  ].join('\n');
}

interface Turns {
  readonly first: number;
  readonly edit: number;
  readonly ms: number;
}

/** Longest turns, in ms: of the first load after an empty scheme, and of edits of one rule. */
async function measure(rules: number): Promise<Turns> {
  const folder = mkdtempSync(join(tmpdir(), 'hanbus-edits-'));
  const config = join(folder, 'hanbus.yaml');
  let applied = 0;
  const port = await freePort();
  writeFileSync(config, `broker: {listen: ${port}}\n`);
  const paths = {
    config,
    secrets: join(folder, 'secrets.env'),
    data: join(folder, 'data'),
    runtime: join(folder, 'run'),
  };
  const writeLog = ({ text }: { readonly text: string }) => {
    if (text === 'the scheme was applied') applied += 1;
  };
  const node = await startNode({
    paths,
    environment: {},
    name: 'bench',
    writeLog,
    host: { ...makeHost(), name: 'bench' },
  });
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const edit = async (version: number): Promise<number> => {
    const before = applied;
    await sleep(1_500);
    delay.reset();
    delay.enable();
    writeFileSync(config, schemeOf(port, rules, version));
    for (const end = performance.now() + PATIENCE_MS; applied === before; await sleep(20))
      if (performance.now() > end) throw new Error('the scheme was never applied');
    await sleep(1_500);
    delay.disable();
    return delay.max / 1e6 - 1;
  };
  try {
    await node.firstReadings;
    const first = await edit(0);
    const edits: number[] = [];
    for (let version = 1; version <= EDITS; version += 1) edits.push(await edit(version));
    return { first, edit: edits.toSorted((a, b) => a - b)[EDITS >> 1] ?? Number.NaN, ms: Math.max(...edits) };
  } finally {
    await node.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const figures: Record<string, number> = {};
const tell = (what: string, { first, edit, ms }: Turns) => {
  const rounded = (value: number) => Math.round(value * 10) / 10;
  figures[`longest turn, first load of ${what}, ms`] = rounded(first);
  figures[`longest turn, edit of one rule in ${what}, median of ${EDITS}, ms`] = rounded(edit);
  figures[`longest turn, edit of one rule in ${what}, worst, ms`] = rounded(ms);
};
// The first scheme of a process meets cold code: that of a fresh one is of less use than what comes after.
for (const lines of LINES) tell(`${lines} lines`, await measure(lines - 3));
tell(`${MANY_RULES} rules`, await measure(MANY_RULES));
print(figures);
