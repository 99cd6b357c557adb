import type { Clock } from './clock.ts';
import { Unavailable } from './errors.ts';

/**
 * Waits for `work` for `ms` at most, then aborts its signal and throws Unavailable. The work itself may go on hanging;
 * the caller must not start it again before it has settled.
 */
export async function withDeadline<T>(clock: Clock, ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  let cancel: () => void = () => undefined;
  const expired = new Promise<never>((_resolve, reject) => {
    cancel = clock.after(ms, () => {
      const error = new Unavailable(`no answer within ${ms} ms`, { code: 'HB143' });
      stop.abort(error);
      reject(error);
    });
  });
  try {
    return await Promise.race([work(stop.signal), expired]);
  } finally {
    cancel();
  }
}
