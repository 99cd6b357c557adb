import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

/** One message each so many ms, whatever the broker does: an open loop. */
export interface Schedule {
  readonly port: number;
  readonly topic: string;
  readonly qos: 0 | 1;
  readonly everyMs: number;
  /** When the first message is due, by `clockMs`. */
  readonly startMs: number;
  readonly count: number;
  /** Absent: as in all other cases. */
  readonly payloadBytes?: number;
  /** One number that all threads see: the messages sent so far. */
  readonly sent: SharedArrayBuffer;
}

/** Milliseconds that all threads of the machine agree on. */
export const clockMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** Time for the thread to connect before its first message is due. */
const LEAD_MS = 1_000;

export interface Sender {
  /** When message 0 is due. */
  readonly startMs: number;
  readonly sent: () => number;
  /** Why it could not send, once it could not. */
  readonly failure: () => Error | undefined;
  stop(): Promise<void>;
}

/** Publishes on a schedule from a thread of its own. */
export function startSender(
  wish: Pick<Schedule, 'port' | 'topic' | 'qos' | 'everyMs' | 'count' | 'payloadBytes'>,
): Sender {
  const sent = new SharedArrayBuffer(4);
  const startMs = clockMs() + LEAD_MS;
  const here = dirname(fileURLToPath(import.meta.url));
  const schedule: Schedule = { ...wish, startMs, sent };
  const worker = new Worker(join(here, 'broker-sender.mjs'), { workerData: schedule });
  let failure: Error | undefined;
  worker.once('error', (error) => {
    failure = error instanceof Error ? error : new Error(String(error));
  });
  return {
    startMs,
    sent: () => Atomics.load(new Int32Array(sent), 0),
    failure: () => failure,
    stop: async () => void (await worker.terminate()),
  };
}
