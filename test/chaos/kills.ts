import { setTimeout as sleep } from 'node:timers/promises';
import { check } from './check.ts';
import { machineMs } from './events.ts';
import { bear, type Life, makeHouse } from './house.ts';
import { Load } from './load.ts';

export interface KillOptions {
  readonly port: number;
  readonly cycles: number;
  readonly random: () => number;
  readonly program?: string;
  /** A life lasts 100 ms and up to so much; ms. */
  readonly longestMs?: number;
  readonly onCycle?: (cycle: number, report: Pick<KillReport, 'restarts'>) => void;
}

export interface KillReport {
  readonly wrong: readonly string[];
  readonly sent: number;
  readonly acts: number;
  readonly jobs: number;
  readonly answered: number;
  /** From the spawn to a session of the broker open again, ms, in order of size. */
  readonly restarts: readonly number[];
  /** Warnings and errors of the node. */
  readonly said: readonly string[];
}

/** Ends a node by `kill -9` at random moments under load, again and again, and checks what was seen from outside. */
export async function killAgainAndAgain(options: KillOptions): Promise<KillReport> {
  const { port, cycles, random, longestMs = 1_500, onCycle } = options;
  const program = options.program === undefined ? {} : { program: options.program };
  const house = makeHouse(port);
  const load = new Load(port, random);
  const restarts: number[] = [];
  const said: string[] = [];
  let last: Life | undefined;
  try {
    for (let cycle = 0; cycle <= cycles; cycle += 1) {
      const life = bear(house.folder, house.acts, program);
      last = life;
      await load.connect();
      restarts.push(machineMs() - life.born);
      load.start();
      void load.repeat(20);
      const isLast = cycle === cycles;
      await sleep(isLast ? 3_000 : 100 + random() * longestMs);
      if (isLast) await load.stop();
      if (isLast) await quiet(load);
      await life.end(isLast ? 'SIGTERM' : 'SIGKILL');
      await load.stop();
      said.push(...life.said().split('\n').filter(Boolean));
      onCycle?.(cycle, { restarts });
    }
    const story = load.story(house.acts);
    const { sent, jobs, acts, answers } = story;
    restarts.sort((a, b) => a - b);
    const answered = new Set(answers.map(({ id }) => id)).size;
    return { wrong: check(story), sent: sent.length, acts: acts.length, jobs: jobs.length, answered, restarts, said };
  } finally {
    await last?.end('SIGKILL');
    house.remove();
  }
}

/** What the lasting session still has to bring. */
async function quiet(load: Load): Promise<void> {
  await load.connect();
  await sleep(1_500);
}

/** The value below which `share` of a sorted list lies. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
