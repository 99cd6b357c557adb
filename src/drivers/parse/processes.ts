import type { FilesPort } from '../ports/ports.ts';
import { attribute, numberIn } from './attribute.ts';

export interface Process {
  /** Number and start time: the kernel gives numbers again. */
  readonly identity: string;
  /** Processor time used until now, s. */
  readonly cpuSeconds: number;
  /** Memory that stands in RAM, bytes. */
  readonly memory: number | undefined;
}

/** The kernel tells times to programs in hundredths of a second, whatever its own tick is. */
const TICKS_PER_SECOND = 100;
/** The kernel keeps this many characters of a name. */
const NAME_LENGTH = 15;

/** Numbers of the processes with that program name, as `ps -C` would find them. */
export async function pidsOf(files: FilesPort, name: string, signal?: AbortSignal): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pid of await files.list('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    if ((await attribute(files, `/proc/${pid}/comm`, signal)) === name.slice(0, NAME_LENGTH)) found.push(pid);
  }
  return found;
}

/** One process; undefined when it has ended or is a zombie. Source: proc_pid_stat(5). */
export async function processOf(files: FilesPort, pid: string, signal?: AbortSignal): Promise<Process | undefined> {
  const text = await attribute(files, `/proc/${pid}/stat`, signal);
  // The name stands in brackets and may hold brackets and spaces itself.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ') ?? [];
  const [user, system, start] = [fields[11], fields[12], fields[19]].map(numberIn);
  if (fields[0] === 'Z' || user === undefined || system === undefined || start === undefined) return undefined;
  const resident = /^VmRSS:\s+(\d{1,15}) kB$/m.exec((await attribute(files, `/proc/${pid}/status`, signal)) ?? '');
  return {
    identity: `${pid}@${start}`,
    cpuSeconds: (user + system) / TICKS_PER_SECOND,
    memory: resident === null ? undefined : Number(resident[1]) * 1_024,
  };
}
