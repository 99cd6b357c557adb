import { Unavailable } from '../../kit/errors.ts';
import type { Points } from '../../schemes/point.ts';
import { type DriverContext, defineInput } from '../driver.ts';
import { numberIn } from '../parse/attribute.ts';
import { uptimeSeconds } from '../parse/counter-rates.ts';
import { makeCpuUse } from '../parse/cpu-use.ts';
import { memoryOf } from '../parse/memory.ts';
import { plausible } from '../parse/plausible.ts';

type Files = DriverContext['ports']['files'];
type TimeSync = DriverContext['ports']['timeSync'];

const diagnostic = true;
const load = { type: 'number', range: [0, 1000], diagnostic, deadband: 0.05 } as const;
const points = {
  load: { ...load, about: 'Programs that run or wait, mean of 1 minute' },
  load_5: { ...load, about: 'The same, mean of 5 minutes' },
  load_15: { ...load, about: 'The same, mean of 15 minutes' },
  cpu: { type: 'number', unit: '%', range: [0, 100], decimals: 1, diagnostic, deadband: 2, about: 'Use of all cores' },
  memory: { type: 'number', unit: '%', range: [0, 100], decimals: 1, diagnostic, about: 'Memory in use' },
  memory_free: {
    type: 'number',
    unit: 'MB',
    range: [0, 100_000_000],
    decimals: 0,
    deviceClass: 'data_size',
    diagnostic,
    about: 'Memory that programs can still get',
  },
  swap: { type: 'number', unit: '%', range: [0, 100], decimals: 1, diagnostic, about: 'Swap in use' },
  uptime: {
    type: 'number',
    unit: 's',
    range: [0, 10_000_000_000],
    decimals: 0,
    deviceClass: 'duration',
    stateClass: 'total_increasing',
    diagnostic,
    deadband: 60,
    about: 'Time since the board started',
  },
  processes: { type: 'number', range: [0, 10_000_000], decimals: 0, diagnostic, about: 'Processes that exist' },
  running: {
    type: 'number',
    range: [0, 1_000_000],
    decimals: 0,
    diagnostic,
    about: 'Threads that run or wait for a core',
  },
  clock_synced: { type: 'boolean', diagnostic, about: 'A time source keeps the clock right' },
  clock_error: {
    type: 'number',
    unit: 'ms',
    range: [0, 1_000_000_000],
    decimals: 3,
    deviceClass: 'duration',
    diagnostic,
    about: 'Largest error that the kernel expects of the clock',
  },
} as const satisfies Points;

/** Source: proc_loadavg(5), proc_meminfo(5), proc_stat(5), proc_uptime(5), adjtimex(2). */
export const driver = defineInput({
  kind: 'board',
  summary: 'Load, memory, uptime and clock of the board that hanbus runs on.',
  options: {},
  points,
  every: '10s',
  example: {},
  async open(_options, { ports: { files, timeSync } }) {
    const cpuUse = makeCpuUse();
    const hasSwap = (await memoryOf(files)).swap !== undefined;
    const hasClock = (await clockOf(timeSync)) !== undefined;
    const absent = [...(hasSwap ? [] : ['swap']), ...(hasClock ? [] : ['clock_synced', 'clock_error'])];
    return {
      points: Object.fromEntries(Object.entries(points).filter(([name]) => !absent.includes(name))),
      read: async (signal) => {
        const clock = hasClock ? await clockOf(timeSync) : undefined;
        return plausible(points, {
          ...(await loadOf(files, signal)),
          cpu: cpuUse(await files.text('/proc/stat', signal)),
          ...(await memoryOf(files, signal)),
          uptime: await uptimeSeconds(files, signal),
          processes: await processCount(files),
          clock_synced: clock?.synced,
          clock_error: clock?.errorMs,
        });
      },
      close: async () => undefined,
    };
  },
});

async function loadOf(files: Files, signal: AbortSignal) {
  const [one, five, fifteen, tasks] = (await files.text('/proc/loadavg', signal)).split(' ');
  return {
    load: numberIn(one),
    load_5: numberIn(five),
    load_15: numberIn(fifteen),
    running: numberIn(tasks?.split('/')[0]),
  };
}

async function processCount(files: Files): Promise<number> {
  return (await files.list('/proc')).filter((name) => /^\d+$/.test(name)).length;
}

async function clockOf(timeSync: TimeSync) {
  try {
    return await timeSync.state();
  } catch (error) {
    if (error instanceof Unavailable) return undefined;
    throw error;
  }
}
