import { open } from 'node:fs/promises';
import { systemCode } from '../kit/errors.ts';

/** Puts names that were added, changed or removed in a folder on the disk. Some file systems cannot: that is no error. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } catch (error) {
    if (systemCode(error) !== 'EINVAL') throw error;
  } finally {
    await folder.close();
  }
}
