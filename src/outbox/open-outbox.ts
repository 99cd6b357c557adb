import { HanbusError } from '../kit/errors.ts';
import { FolderLock } from '../state/log/folder-lock.ts';
import { type Found, loadOutbox, nothingFound } from './load.ts';
import type { Outbox, OutboxOptions } from './outbox.ts';
import { systemOutboxFiles } from './outbox-files.ts';
import { SEGMENT_BYTES, Store } from './store.ts';

/**
 * Opens an outbox. Throws HB125 when another process has it and HB129 when a newer hanbus wrote it; a disk that refuses
 * is logged once (HB371), and the outbox lives in memory until it does not.
 */
export async function openOutbox(options: OutboxOptions): Promise<Outbox> {
  const { path: folder, log, files = systemOutboxFiles, segmentBytes = SEGMENT_BYTES } = options;
  const lock = new FolderLock(files, folder);
  let trouble = await lock.tryTake();
  try {
    const found: Found = await loadOutbox({ files, folder, log, segmentBytes }).catch((error: unknown) => {
      if (error instanceof HanbusError) throw error;
      lock.isUnread = true;
      trouble ??= { error };
      return nothingFound();
    });
    const store = new Store({ ...options, files }, { lock, found });
    await store.start(trouble !== undefined);
    return store;
  } catch (error) {
    await lock.release();
    throw error;
  }
}
