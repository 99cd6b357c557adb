import type { TimeSync, TimeSyncPort } from '../drivers/ports/ports.ts';
import { reasonOf, Unavailable } from '../kit/errors.ts';
import type { Seen } from '../schemes/found.ts';
import type { Agent } from './agent.ts';

/** Finds no device: the board has the points of the clock. It only says when the clock is not right. */
export const agent: Agent = {
  name: 'clock',
  summary: 'Whether a time source keeps the clock right.',
  async interrogate({ ports: { timeSync } }) {
    const state = await stateOf(timeSync);
    const seen = 'why' in state ? [state] : state.synced ? [] : [notSynchronised(state)];
    return { found: [], seen };
  },
};

function notSynchronised({ source }: TimeSync): Seen {
  return {
    group: 'clock',
    what: 'not synchronised',
    source,
    why: 'no time source has set the clock; times of readings may be wrong',
    fix: 'sudo timedatectl set-ntp true',
    code: 'HB112',
  };
}

async function stateOf(timeSync: TimeSyncPort): Promise<TimeSync | Seen> {
  try {
    return await timeSync.state();
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    const { code, fix } = error;
    return {
      group: 'clock',
      what: 'unknown',
      source: 'adjtimex',
      why: reasonOf(error),
      code,
      ...(fix === undefined ? {} : { fix }),
    };
  }
}
