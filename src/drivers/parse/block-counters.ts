import type { FilesPort } from '../ports/ports.ts';
import { attribute, numberIn } from './attribute.ts';

/** Totals since boot of a disk or partition. Source: Documentation/block/stat.rst. */
export interface BlockCounters {
  /** Bytes. */
  readonly read: number | undefined;
  readonly written: number | undefined;
  /** ms in which something was under way. */
  readonly busy: number | undefined;
}

/** The kernel counts sectors of 512 bytes, whatever the disk has. */
const SECTOR = 512;

/** Where the counters of the device `179:2` stand. */
export function blockStat(device: string): string {
  return `/sys/dev/block/${device}/stat`;
}

/** The counters of a block device by its numbers, `179:2`; undefined when it has none. */
export async function blockCounters(
  files: FilesPort,
  device: string,
  signal?: AbortSignal,
): Promise<BlockCounters | undefined> {
  const text = await attribute(files, blockStat(device), signal);
  if (text === undefined) return undefined;
  const fields = text.split(/\s+/);
  const bytes = (field: string | undefined) => {
    const sectors = numberIn(field);
    return sectors === undefined ? undefined : sectors * SECTOR;
  };
  return { read: bytes(fields[2]), written: bytes(fields[6]), busy: numberIn(fields[9]) };
}
