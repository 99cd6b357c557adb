// Rules of hanbus beside Node-RED with Mosquitto, in one run: `npm run bench -- rules`, or `-- rules 1 1000 --seconds 5`.
import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';
import { inRoot } from '../tools/setup/root.mjs';
import type { RulesRow, RulesTarget } from './rules/load.ts';
import { PROGRAMS } from './rules/programs.ts';

const execute = promisify(execFile);
/** Throughput for each processor second, as often as Node-RED's. */
const GOALS: Readonly<Record<number, number>> = { 1: 10, 100: 30, 1000: 200 };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    programs: { type: 'string', default: PROGRAMS.map(({ name }) => name).join() },
  },
});
const sizes = positionals.length === 0 ? [1, 100, 1_000] : positionals.map(Number);
const seconds = Number(values.seconds);

async function row(target: RulesTarget): Promise<RulesRow> {
  const { stdout } = await execute(process.execPath, [
    inRoot('.cache', 'bench', 'rules-load.mjs'),
    JSON.stringify(target),
  ]);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}');
}

const median = (list: readonly number[]): number =>
  list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;

function medians(rows: readonly RulesRow[]): RulesRow {
  const of = (key: keyof RulesRow) => median(rows.map((one) => one[key]));
  return {
    inRate: of('inRate'),
    cpuUs: of('cpuUs'),
    p50Us: of('p50Us'),
    p99Us: of('p99Us'),
    memoryMb: of('memoryMb'),
    lost: of('lost'),
  };
}

const number = (value: number, digits = 0): string =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });

function tell(name: string, { inRate, cpuUs, p50Us, p99Us, memoryMb, lost }: RulesRow): void {
  const cells = [number(inRate), number(cpuUs, 2), number(p50Us), number(p99Us), number(memoryMb), number(lost)];
  process.stdout.write(`  ${name.padEnd(10)}${cells.map((cell) => cell.padStart(12)).join('')}\n`);
}

const chosen = PROGRAMS.filter(({ name }) => values.programs.split(',').includes(name));
for (const { name, missing } of chosen) if (missing !== undefined) process.stderr.write(`${name}: ${missing}\n`);
for (const rules of sizes) {
  const heads = ['in/s', 'CPU us/in', 'p50 us', 'p99 us', 'MB', 'lost'].map((head) => head.padStart(12)).join('');
  process.stdout.write(
    `\n${number(rules)} rules${' '.repeat(Math.max(0, 12 - `${number(rules)} rules`.length))}${heads}\n`,
  );
  const found = new Map<string, RulesRow>();
  for (const program of chosen.filter(({ missing }) => missing === undefined)) {
    const rows: RulesRow[] = [];
    for (let round = 0; round < Number(values.rounds); round += 1) {
      const running = await program.start(rules);
      try {
        rows.push(await row({ port: running.port, pids: running.pids, rules, seconds }));
      } finally {
        await running.stop();
      }
    }
    found.set(program.name, medians(rows));
    tell(program.name, medians(rows));
  }
  const [ours, theirs] = [found.get('hanbus'), found.get('node-red')];
  if (ours === undefined || theirs === undefined) continue;
  const goal = GOALS[rules] === undefined ? '' : ` (goal ${GOALS[rules]})`;
  process.stdout.write(
    `  messages for each CPU second: ${number(theirs.cpuUs / ours.cpuUs, 1)} times Node-RED's${goal}\n`,
  );
}
