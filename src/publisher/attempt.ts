import type { Clock } from '../kit/clock.ts';

/** After so long, work that does not come back is given up for lost. */
export const HUNG_MS = 300_000;

export interface AttemptOptions {
  readonly clock: Clock;
  readonly deadlineMs: number;
  /** Aborts the work and ends the wait. */
  readonly stop: AbortSignal;
  /** The deadline passed: the signal of the work was aborted, but it has not settled. */
  onLate(): void;
  /** It has not settled for 5 min. */
  onHung(): void;
}

/** How a piece of a driver's work ended. `late`: after its deadline, so its result is not used. */
export type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T; readonly late: boolean }
  | { readonly kind: 'failed'; readonly error: unknown; readonly late: boolean }
  | { readonly kind: 'stopped' };

/** Work under way that outlived its device: to be waited for before the same hardware is used again. */
export interface Attempt<T> {
  readonly outcome: Promise<Outcome<T>>;
  readonly settled: Promise<void>;
}

/** Runs one piece of a driver's work. Unlike a plain deadline it waits until the work has really settled, or the stop. */
export function attempt<T>(work: (signal: AbortSignal) => Promise<T>, options: AttemptOptions): Attempt<T> {
  const { clock, deadlineMs, stop } = options;
  const abort = new AbortController();
  let late = false;
  let cancel = clock.after(deadlineMs, () => {
    late = true;
    abort.abort(new Error(`no answer within ${deadlineMs} ms`));
    options.onLate();
    cancel = clock.after(Math.max(HUNG_MS - deadlineMs, deadlineMs), () => options.onHung());
  });
  let end: (outcome: Outcome<T>) => void = () => undefined;
  const onStop = () => {
    abort.abort(stop.reason);
    end({ kind: 'stopped' });
  };
  const outcome = new Promise<Outcome<T>>((resolve) => {
    end = (result) => {
      cancel();
      stop.removeEventListener('abort', onStop);
      resolve(result);
    };
  });
  const settled = begin(work, abort.signal).then(
    (value) => end({ kind: 'done', value, late }),
    (error: unknown) => end({ kind: 'failed', error, late }),
  );
  if (stop.aborted) onStop();
  else stop.addEventListener('abort', onStop);
  return { outcome, settled };
}

/** A driver may also throw before it gives a promise. */
async function begin<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
  return await work(signal);
}
