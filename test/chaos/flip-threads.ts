import { Worker } from 'node:worker_threads';
import type { Flip, Remains, Tried } from './flips.ts';

/** What one thread is given. */
export interface FlipWork {
  readonly remains: Pick<Remains, 'folder' | 'kept'>;
  readonly flips: readonly Flip[];
  readonly port: number;
}

/** Tries all faults, in a thread for each port. */
export async function tryFlips(
  { folder, kept }: Remains,
  flips: readonly Flip[],
  { ports, onTried }: { readonly ports: readonly number[]; readonly onTried: (tried: Tried) => void },
): Promise<void> {
  const remains = { folder, kept };
  await Promise.all(
    ports.map((port, thread) => {
      const own = flips.filter((_, index) => index % ports.length === thread);
      return inThread({ remains, flips: own, port }, onTried);
    }),
  );
}

function inThread(workerData: FlipWork, onTried: (tried: Tried) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('flip-worker.ts', import.meta.url), { workerData });
    let left = workerData.flips.length;
    worker.on('message', (tried: Tried) => {
      left -= 1;
      onTried(tried);
    });
    worker.once('error', reject);
    worker.once('exit', () => (left === 0 ? resolve() : reject(new Error(`${left} faults were not tried`))));
  });
}
