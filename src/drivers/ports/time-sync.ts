import { arch } from 'node:os';
import { reasonOf, Unavailable } from '../../kit/errors.ts';
import { type Adjtimex, kernelClock, loadAdjtimex } from './adjtimex.ts';
import type { FilesPort, ProcessPort, TimeSync, TimeSyncPort } from './ports.ts';

export interface TimeSyncWorld {
  readonly files: FilesPort;
  readonly process: ProcessPort;
  /** Loads the kernel call; tests pass their own. */
  readonly load?: () => Promise<Adjtimex>;
}

const words = { arm: 4, ia32: 4, mipsel: 4 } as const;
const wordBytes: 4 | 8 = arch() in words ? 4 : 8;

/** Asks the kernel; where that is not possible, looks for the mark of timesyncd, then asks systemd. */
export function makeTimeSyncPort({ files, process, load = loadAdjtimex }: TimeSyncWorld): TimeSyncPort {
  let loading: Promise<Adjtimex> | undefined;
  const kernel = async (): Promise<TimeSync | undefined> => {
    loading ??= load();
    const state = kernelClock(await loading, wordBytes);
    return state === undefined ? undefined : { ...state, source: 'kernel' };
  };
  return {
    state: async () => {
      const missing: unknown[] = [];
      for (const ask of [kernel, () => marked(files), () => systemd(process), () => unmarked(files)]) {
        const answer = await orMissing(ask, missing);
        if (answer !== undefined) return answer;
      }
      throw new Unavailable(`nothing tells whether the clock is right: ${missing.map(reasonOf).join('; ')}`, {
        code: 'HB144',
        fix: 'npm ci --include=optional',
      });
    },
  };
}

async function orMissing(ask: () => Promise<TimeSync | undefined>, missing: unknown[]): Promise<TimeSync | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    missing.push(error);
    return undefined;
  }
}

async function systemd(process: ProcessPort): Promise<TimeSync | undefined> {
  const { code, out } = await process.run('timedatectl', ['show', '--property=NTPSynchronized']);
  const answer = /^NTPSynchronized=(yes|no)$/m.exec(out)?.[1];
  return code !== 0 || answer === undefined ? undefined : { synced: answer === 'yes', source: 'timedatectl' };
}

async function marked(files: FilesPort): Promise<TimeSync | undefined> {
  return (await files.exists('/run/systemd/timesync/synchronized')) ? { synced: true, source: 'timesyncd' } : undefined;
}

async function unmarked(files: FilesPort): Promise<TimeSync | undefined> {
  return (await files.exists('/run/systemd/timesync')) ? { synced: false, source: 'timesyncd' } : undefined;
}
