import { type BackoffLimits, backoff, DEVICE_BACKOFF } from './backoff.ts';
import type { Clock } from './clock.ts';
import { reasonOf } from './errors.ts';
import type { Log } from './log.ts';

/** What to do with a service that failed: start it again, leave it down, or stop the node. */
export type Outcome = 'restart' | 'leave' | 'fatal';

/** Something running. `failed` settles when it broke by itself; `stop` is idempotent and bounded. */
export interface Running {
  readonly failed?: Promise<unknown>;
  stop(): Promise<void>;
}

export interface Service {
  readonly name: string;
  start(): Promise<Running>;
  /** Judges an error; default: restart. */
  judge?(error: unknown): Outcome;
}

export interface SupervisorWorld {
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly limits?: BackoffLimits;
  /** Tells the error to whoever stops the node; it is not logged here. */
  readonly onFatal: (service: string, error: unknown) => void;
}

/** Keeps one service running until stopped. `ready` settles after its first start, well or not. */
export function supervise(service: Service, world: SupervisorWorld): Running & { readonly ready: Promise<void> } {
  const { clock, random, limits = DEVICE_BACKOFF } = world;
  const log = world.log.child({ service: service.name });
  let stopped = false;
  let failures = 0;
  let current: Running | undefined;
  let cancel: () => void = () => undefined;

  const failed = (error: unknown): void => {
    current = undefined;
    if (stopped) return;
    const outcome = service.judge?.(error) ?? 'restart';
    if (outcome === 'fatal') world.onFatal(service.name, error);
    else if (failures === 0 || outcome === 'leave') log.error('service failed', { outcome, ...factsOf(error) });
    if (outcome !== 'restart') return;
    failures += 1;
    cancel = clock.after(backoff(failures, random, limits), () => void start());
  };

  const start = async (): Promise<void> => {
    try {
      const running = await service.start();
      if (stopped) return await running.stop();
      current = running;
      if (failures > 0) log.info('service is back', { failures });
      failures = 0;
      running.failed?.then(failed, failed);
    } catch (error) {
      failed(error);
    }
  };

  const ready = start();
  return {
    ready,
    async stop() {
      if (stopped) return;
      stopped = true;
      cancel();
      await current?.stop();
    },
  };
}

function factsOf(error: unknown): { reason: string; code?: unknown } {
  const reason = reasonOf(error);
  return error instanceof Error && 'code' in error ? { reason, code: error.code } : { reason };
}
