import { openTable, type Table, type TableOptions } from '../../../src/state/log/table.ts';
import { type FakeClock, makeFakeClock } from '../../fakes/clock.ts';
import { makeFakeLog } from '../../fakes/log.ts';
import type { FakeDisk, Random } from './fake-disk.ts';

export const FOLDER = '/data/table';

/** So small that a few entries fill a segment. */
const SMALL = { segmentBytes: 600, floorBytes: 1_000 };

export interface Bench {
  readonly table: Table;
  readonly clock: FakeClock;
  readonly lines: ReturnType<typeof makeFakeLog>['lines'];
  readonly codes: () => unknown[];
}

export async function openOn(disk: FakeDisk, options: Partial<TableOptions> = {}): Promise<Bench> {
  const clock = makeFakeClock();
  const { log, lines } = makeFakeLog();
  const table = await openTable({
    path: FOLDER,
    clock,
    log,
    files: disk.files,
    random: () => 0.5,
    ...SMALL,
    ...options,
  });
  const codes = (): unknown[] => lines.map(({ fields }) => fields.code).filter((code) => code !== undefined);
  return { table, clock, lines, codes };
}

/** What a table had at its start, as texts. */
export function contentOf(table: Table): Map<string, string> {
  return new Map([...table.entries()].map(([key, value]) => [key, value.toString()]));
}

/** What a new process finds. */
export async function contentOn(disk: FakeDisk): Promise<Map<string, string>> {
  const { table } = await openOn(disk);
  const content = contentOf(table);
  await table.close();
  return content;
}

/** Numbers that look random and are the same each time. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
