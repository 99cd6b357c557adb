import { setTimeout as sleep } from 'node:timers/promises';
import { check } from './check.ts';
import { machineMs, type Story } from './events.ts';
import { bear, type Life, makeHouse } from './house.ts';
import { Load } from './load.ts';

export interface KillOptions {
  readonly port: number;
  readonly cycles: number;
  readonly random: () => number;
  readonly program?: string;
  /** A life lasts 100 ms and up to so much; ms. */
  readonly longestMs?: number;
  /** This share of the lives is as long as it takes until every command must have been answered. */
  readonly longShare?: number;
  readonly onCycle?: (cycle: number) => void;
}

export interface KillReport {
  readonly wrong: readonly string[];
  readonly story: Story;
  /** From the spawn to a session of the broker open again, ms. */
  readonly restarts: readonly number[];
  /** How long there was load, ms. */
  readonly loadMs: number;
  /** Warnings and errors of the node. */
  readonly said: readonly string[];
}

/** Longer than the time of any command and the time to answer. */
const ANSWERED_MS = 4_200;
const LONG_MS = 5_500;

/** Ends a node by `kill -9` at random moments under load, again and again, and checks what was seen from outside. */
export async function killAgainAndAgain(options: KillOptions): Promise<KillReport> {
  const { port, cycles, random, longestMs = 1_500, longShare = 0.04, onCycle } = options;
  const program = options.program === undefined ? {} : { program: options.program };
  const house = makeHouse(port);
  const load = new Load(port, random);
  const restarts: number[] = [];
  const said: string[] = [];
  let loadMs = 0;
  let last: Life | undefined;
  try {
    for (let cycle = 0; cycle <= cycles; cycle += 1) {
      const life = bear(house.folder, program);
      last = life;
      await load.connect();
      restarts.push(machineMs() - life.born);
      const isLast = cycle === cycles;
      const ms = !isLast && random() < longShare ? LONG_MS : 100 + random() * longestMs;
      load.start();
      void load.repeat(20);
      await sleep(ms);
      loadMs += ms;
      if (isLast) await rest(load);
      load.endLife();
      await life.end(isLast ? 'SIGTERM' : 'SIGKILL');
      await load.stop();
      said.push(...life.said().split('\n').filter(Boolean));
      onCycle?.(cycle);
    }
    await readTheRest(house.folder, program);
    const story = load.story(house.folder);
    return { wrong: check(story), story, restarts, loadMs, said };
  } finally {
    await last?.end('SIGKILL');
    house.remove();
  }
}

/** What was asked is answered, and what waited is brought. */
async function rest(load: Load): Promise<void> {
  load.rest();
  await sleep(ANSWERED_MS);
}

/** One more life, in which the reader of the outbox brings what the last one accepted. */
async function readTheRest(folder: string, program: { program?: string }): Promise<void> {
  const life = bear(folder, program);
  await life.ready;
  await life.end('SIGKILL');
}

/** The value below which `share` of a list lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
