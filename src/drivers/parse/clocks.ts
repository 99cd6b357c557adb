import type { FilesPort } from '../ports/ports.ts';
import { attribute, labelAttribute, numberIn } from './attribute.ts';
import type { Place } from './folder-input.ts';

const CLASS = '/sys/class/rtc';

export interface HardwareClock extends Place {
  /** The driver, as the kernel says it: `rtc_cmos`, `rtc-ds1307`. */
  readonly name: string;
}

/** All real-time clocks. The kernel's name, `rtc-ds1307 1-0068`, holds driver and place. */
export async function hardwareClocks(files: FilesPort): Promise<readonly HardwareClock[]> {
  const clocks: HardwareClock[] = [];
  for (const entry of await files.list(CLASS)) {
    const folder = `${CLASS}/${entry}`;
    const text = await labelAttribute(files, `${folder}/name`);
    const [name, device = name] = (text ?? '').split(/\s+/);
    if (name === undefined || name === '') continue;
    clocks.push({ folder, name, at: `rtc:${device}` });
  }
  return clocks;
}

/**
 * System time in s since 1970 by the kernel's own files: time of the start plus time since. Both are whole or hundredth
 * seconds, which is enough to compare with a clock of whole seconds. Undefined when the files make no sense.
 */
export async function systemSeconds(files: FilesPort, signal: AbortSignal): Promise<number | undefined> {
  const start = numberIn(/^btime (\d+)$/m.exec((await attribute(files, '/proc/stat', signal)) ?? '')?.[1]);
  const since = numberIn((await attribute(files, '/proc/uptime', signal))?.split(' ')[0]);
  return start === undefined || since === undefined ? undefined : start + since;
}
