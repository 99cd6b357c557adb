import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Wish } from './arguments.ts';
import type { Case, Row } from './case.ts';
import { type Running, type Subject, startSubject } from './subject.ts';

/** What one broker did in one case: medians of its rounds, or why there are none. */
export interface Outcome {
  readonly broker: string;
  readonly row?: Row;
  readonly failure?: string;
}

/** A load that has not ended by then is ended; the longest one sleeps for a minute. */
const PATIENCE_MS = 180_000;
/** What others may take of one core in a quiet round. */
const QUIET = 0.25;

/** Brokers take turns, and start afresh each time. */
export async function measure(wanted: Case, brokers: readonly Subject[], wish: Wish): Promise<Outcome[]> {
  const rows = new Map<string, Row[]>(brokers.map(({ name }) => [name, []]));
  const failures = new Map<string, string>();
  for (let round = 0; round < wish.rounds; round += 1) {
    for (let turn = 0; turn < brokers.length; turn += 1) {
      const broker = brokers[(turn + round) % brokers.length];
      if (broker === undefined || failures.has(broker.name)) continue;
      try {
        rows.get(broker.name)?.push(await measureOnce(wanted, broker, wish));
      } catch (error) {
        failures.set(broker.name, error instanceof Error ? error.message : String(error));
      }
    }
  }
  return brokers.map(({ name }) => {
    const found = rows.get(name) ?? [];
    const failure = failures.get(name);
    return {
      broker: name,
      ...(found.length === 0 ? {} : { row: medians(found) }),
      ...(failure === undefined ? {} : { failure }),
    };
  });
}

async function measureOnce(wanted: Case, broker: Subject, wish: Wish): Promise<Row> {
  const running = await startSubject(broker);
  try {
    return await runLoad(wanted.name, running, wish);
  } finally {
    await running.stop();
  }
}

/** The load in a process of its own; the last line that it writes is its row. */
async function runLoad(name: string, { port, pid }: Running, { seconds, long }: Wish): Promise<Row> {
  const args = ['.cache/bench/broker-load.mjs', name, JSON.stringify({ port, pid, seconds, long })];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    output += more;
  });
  child.stderr.setEncoding('utf8').on('data', (more: string) => {
    errors = (errors + more).slice(-4_000);
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  await once(child, 'close');
  clearTimeout(timer);
  const last = output.trim().split('\n').at(-1) ?? '';
  if (child.exitCode === 0 && last.startsWith('{')) return JSON.parse(last);
  throw new Error(child.signalCode === null ? reasonIn(errors) : `the load did not end within ${PATIENCE_MS} ms`);
}

/** The line of a stack trace that says what happened. */
function reasonIn(errors: string): string {
  const line = errors.split('\n').find((text) => /^\s*(?:\w*Error|\[cause\])/.test(text.trim()));
  return (line ?? errors).trim().replace(/^Error: /, '') || 'the load ended without a word';
}

/** Rounds in which somebody else used the machine do not count, when there are others. */
function medians(rows: readonly Row[]): Row {
  const quiet = rows.filter(({ otherShare = 0 }) => otherShare <= QUIET);
  const used = quiet.length === 0 ? rows : quiet;
  const keys = Object.keys(rows[0] ?? {});
  const entries = keys.map((key) => [key, median(used.map((row) => row[key] ?? Number.NaN))] as const);
  return { ...Object.fromEntries(entries), rounds: used.length };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
