import { readdirSync, readFileSync } from 'node:fs';
import { residentMb } from '../print.ts';

/** What a process has used, and what the whole machine has: read twice, the difference counts. */
export interface Usage {
  /** Clock of this reading, in seconds. */
  readonly at: number;
  /** Seconds of processor time of the broker, all threads. */
  readonly broker: number;
  /** Seconds of this process. */
  readonly load: number;
  /** Seconds of all cores that were not idle. */
  readonly machine: number;
}

export function usageOf(pid: number): Usage {
  const { user, system } = process.cpuUsage();
  return {
    at: performance.now() / 1e3,
    broker: cpuSeconds(pid),
    load: (user + system) / 1e6,
    machine: machineSeconds(),
  };
}

/**
 * Processor seconds of all living threads, to the nanosecond: the hundredths of /proc/pid/stat are too coarse for a
 * case that ends within a tenth of a second. Brokers do not end threads while they are measured.
 */
export function cpuSeconds(pid: number): number {
  let total = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    total += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
  }
  return total / 1e9;
}

/** Resident memory now, in MB of 10^6 bytes. */
export const memoryMb = (pid: number): number => residentMb(readFileSync(`/proc/${pid}/status`, 'utf8'));

/** user, nice, system, irq, softirq and steal; not idle and waiting. */
function machineSeconds(): number {
  const first = readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '';
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = first.trim().split(/\s+/).slice(1).map(Number);
  return (user + nice + system + irq + softirq) / 100;
}

/** Shares of one core between two readings, and the broker's seconds. */
export function between(before: Usage, after: Usage): Shares {
  const seconds = after.at - before.at;
  const broker = after.broker - before.broker;
  const load = after.load - before.load;
  const machine = after.machine - before.machine;
  return {
    seconds,
    brokerSeconds: broker,
    brokerShare: broker / seconds,
    loadShare: load / seconds,
    otherShare: Math.max(0, (machine - broker - load) / seconds),
  };
}

export interface Shares {
  readonly seconds: number;
  readonly brokerSeconds: number;
  readonly brokerShare: number;
  readonly loadShare: number;
  readonly otherShare: number;
}
