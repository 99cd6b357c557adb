import type { FilesPort } from '../ports/ports.ts';

export interface Memory {
  /** In use, %. */
  readonly memory: number | undefined;
  /** What programs can still get, MB. */
  readonly memory_free: number | undefined;
  /** In use, %; undefined without swap. */
  readonly swap: number | undefined;
}

const MB_PER_KIB = 1_024 / 1_000_000;

/** From /proc/meminfo, which counts in units of 1024 bytes. */
export async function memoryOf(files: FilesPort, signal?: AbortSignal): Promise<Memory> {
  const text = await files.text('/proc/meminfo', signal);
  const total = amount(text, 'MemTotal');
  const free = amount(text, 'MemAvailable') ?? amount(text, 'MemFree');
  const swap = amount(text, 'SwapTotal');
  return {
    memory: usedPercent(total, free),
    memory_free: free === undefined ? undefined : free * MB_PER_KIB,
    swap: usedPercent(swap, amount(text, 'SwapFree')),
  };
}

function amount(text: string, name: string): number | undefined {
  const found = new RegExp(`^${name}: +(\\d{1,20}) kB$`, 'm').exec(text);
  return found === null ? undefined : Number(found[1]);
}

function usedPercent(total: number | undefined, free: number | undefined): number | undefined {
  return total === undefined || total === 0 || free === undefined ? undefined : (100 * (total - free)) / total;
}
