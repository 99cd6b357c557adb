// Tries faults one after the other in a thread of its own: tells each, then ends.
import { parentPort, workerData } from 'node:worker_threads';
import type { FlipWork } from './flip-threads.ts';
import { tryFlip } from './flips.ts';

const { remains, flips, port } = workerData as FlipWork;
for (const flip of flips) parentPort?.postMessage(await tryFlip(remains, flip, port));
process.exit(0);
