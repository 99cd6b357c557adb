import type { Complain } from './complain.ts';
import type { SessionStore } from './session-store.ts';
import type { World } from './world.ts';

/** What the packet handlers of one broker share. */
export interface Core extends World {
  readonly sessions: SessionStore;
  readonly complain: Complain;
}
