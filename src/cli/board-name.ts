import type { CliFiles } from './world.ts';

const SOURCES = ['/proc/device-tree/model', '/sys/class/dmi/id/product_name'];

/** The board as its firmware names it. */
export async function boardName(files: CliFiles): Promise<string> {
  for (const source of SOURCES) {
    const text = (await files.text(source))?.replaceAll('\0', '').trim() ?? '';
    if (text !== '') return text;
  }
  return 'a Linux machine';
}
