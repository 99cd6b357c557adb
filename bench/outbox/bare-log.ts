import { open } from 'node:fs/promises';
import { RECORD_BYTES, type Take } from './load.ts';

/** The least that a log with group commit must do: append what has come, fdatasync, tell. No checksum, no readers. */
export async function openBareLog(path: string): Promise<{ take: Take; close(): Promise<void> }> {
  const file = await open(path, 'w');
  const record = Buffer.alloc(RECORD_BYTES, 'x');
  let waiting: (() => void)[] = [];
  let at = 0;
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    await Promise.resolve();
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      const bytes = Buffer.allocUnsafe(group.length * RECORD_BYTES);
      for (let index = 0; index < group.length; index += 1) record.copy(bytes, index * RECORD_BYTES);
      await file.write(bytes, 0, bytes.length, at);
      at += bytes.length;
      await file.datasync();
      for (const done of group) done();
    }
    running = undefined;
  };
  return {
    take(_index, done) {
      waiting.push(done);
      running ??= run();
    },
    async close() {
      await running;
      await file.close();
    },
  };
}
