import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Cancel, Clock } from '../../kit/clock.ts';

/** Looked at so often too: some file systems tell nothing, and a login that was removed must not stay. ms */
const LOOK_MS = 10_000;
/** Several events of one change, ms. */
const SETTLE_MS = 50;

/** Calls `onChange` soon after a file was written, replaced or removed, from now on. Resolves to the way to stop. */
export async function watchFile(path: string, clock: Clock, onChange: () => void): Promise<Cancel> {
  let isStopped = false;
  let known = await markOf(path);
  let cancelSettle: Cancel = () => undefined;
  let cancelLook: Cancel = () => undefined;
  const look = async () => {
    const now = await markOf(path);
    if (isStopped) return;
    cancelLook();
    cancelLook = clock.after(LOOK_MS, () => void look());
    if (now === known) return;
    known = now;
    onChange();
  };
  const watcher = openWatcher(path, () => {
    cancelSettle();
    cancelSettle = clock.after(SETTLE_MS, () => void look());
  });
  void look();
  return () => {
    isStopped = true;
    cancelSettle();
    cancelLook();
    watcher?.close();
  };
}

/** Undefined where the system cannot watch; looking now and then is enough there. */
function openWatcher(path: string, onEvent: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(dirname(path), { persistent: false }, (_event, name) => {
      if (name === null || name === basename(path)) onEvent();
    });
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}

/** Changes when the file does. A file that cannot be looked at is like none. */
async function markOf(path: string): Promise<string> {
  try {
    const { ino, mtimeMs, size } = await stat(path);
    return `${ino} ${mtimeMs} ${size}`;
  } catch {
    return 'none';
  }
}
