import type { CliFiles } from './world.ts';

const FOLDERS = ['/etc/systemd/system', '/usr/lib/systemd/system', '/lib/systemd/system'];

/** The unit file of the installed service; undefined when hanbus is not installed as one. */
export async function serviceUnit(files: CliFiles): Promise<string | undefined> {
  for (const folder of FOLDERS) {
    const path = `${folder}/hanbus.service`;
    if (await files.exists(path)) return path;
  }
  return undefined;
}
