import type { TimeSyncPort } from '../drivers/ports/ports.ts';
import { reasonOf } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';

/** Time quality for `$info`: which source keeps the clock, or `unsure`. */
export async function timeQuality(timeSync: TimeSyncPort, log: Log): Promise<string> {
  try {
    const { synced, source } = await timeSync.state();
    return synced ? source : 'unsure';
  } catch (error) {
    log.debug('the state of the clock is unknown', { reason: reasonOf(error) });
    return 'unsure';
  }
}
