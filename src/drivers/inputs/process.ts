import { OptionsError } from '../../kit/errors.ts';
import { optional, text } from '../../schemes/fields.ts';
import type { Points } from '../../schemes/point.ts';
import { type DriverContext, defineInput } from '../driver.ts';
import { attribute } from '../parse/attribute.ts';
import { makeCounterRates, uptimeSeconds } from '../parse/counter-rates.ts';
import { plausible } from '../parse/plausible.ts';
import { type Process, pidsOf, processOf } from '../parse/processes.ts';

type Files = DriverContext['ports']['files'];

const points = {
  running: { type: 'boolean', deviceClass: 'running', diagnostic: true, about: 'At least one such process runs' },
  count: { type: 'number', range: [0, 10_000_000], decimals: 0, diagnostic: true, about: 'How many run' },
  cpu: {
    type: 'number',
    unit: '%',
    range: [0, 102_400],
    decimals: 1,
    diagnostic: true,
    about: 'Use of one core, all together',
  },
  memory: {
    type: 'number',
    unit: 'MB',
    range: [0, 100_000_000],
    decimals: 1,
    deviceClass: 'data_size',
    diagnostic: true,
    about: 'Memory in RAM, all together',
  },
} as const satisfies Points;

/** Source: proc_pid_stat(5), proc_pid_status(5). */
export const driver = defineInput({
  kind: 'process',
  summary: 'Whether a program runs, and what it takes.',
  options: {
    name: optional(text('Name of the program, as `ps -e` shows it: `mosquitto`.')),
    pid_file: optional(text('File with the number of the process: `/run/nginx.pid`.')),
  },
  points,
  every: '30s',
  example: { name: 'node' },
  async open({ name, pid_file: pidFile }, { ports: { files } }) {
    const pids = finderOf(files, name, pidFile);
    const rates = makeCounterRates<string>();
    return {
      read: async (signal) => {
        const found = await Promise.all((await pids(signal)).map(async (pid) => await processOf(files, pid, signal)));
        const running = found.filter((one) => one !== undefined);
        const used = rates(await uptimeSeconds(files, signal), cpuTimes(running));
        const isMeasured = running.every(({ identity }) => used[identity] !== undefined);
        return plausible(points, {
          running: running.length > 0,
          count: running.length,
          cpu: isMeasured ? 100 * sum(Object.values(used)) : undefined,
          memory: sum(running.map(({ memory }) => memory ?? 0)) / 1_000_000,
        });
      },
      close: async () => undefined,
    };
  },
});

function finderOf(
  files: Files,
  name: string | undefined,
  pidFile: string | undefined,
): (signal: AbortSignal) => Promise<readonly string[]> {
  if (name !== undefined && pidFile === undefined) return async (signal) => await pidsOf(files, name, signal);
  if (pidFile === undefined || name !== undefined) {
    throw new OptionsError('a process is found by its name or by its pid_file: give one of them', {
      fix: 'name: mosquitto',
    });
  }
  if (!pidFile.startsWith('/')) throw new OptionsError(`pid_file must be an absolute path, not "${pidFile}"`);
  return async (signal) => {
    const pid = await attribute(files, pidFile, signal);
    return pid !== undefined && /^\d{1,10}$/.test(pid) ? [pid] : [];
  };
}

function cpuTimes(processes: readonly Process[]): Readonly<Record<string, number>> {
  return Object.fromEntries(processes.map(({ identity, cpuSeconds }) => [identity, cpuSeconds]));
}

function sum(numbers: readonly (number | undefined)[]): number {
  return numbers.reduce<number>((total, number) => total + (number ?? 0), 0);
}
