import { REASON } from '../reason.ts';

/** Why somebody did not come in, as it is counted. */
export type RefusalKind = 'badLogin' | 'busy' | 'clientId' | 'held' | 'noLogin' | 'plain';

interface Refused {
  /** MQTT 5, 2.4. */
  readonly reason: number;
  readonly code: string;
}

/** Wrong password, unknown user and a login without a password look alike from outside. */
export const REFUSALS: Readonly<Record<RefusalKind, Refused>> = {
  badLogin: { reason: REASON.badLogin, code: 'HB192' },
  busy: { reason: REASON.serverBusy, code: 'HB197' },
  clientId: { reason: REASON.badClientId, code: 'HB196' },
  held: { reason: REASON.banned, code: 'HB195' },
  noLogin: { reason: REASON.notAuthorised, code: 'HB192' },
  plain: { reason: REASON.notAuthorised, code: 'HB193' },
};

/** How many came in, and how many not and why. */
export interface AccessCounts {
  admitted: number;
  readonly refused: Record<RefusalKind, number>;
}

export function makeAccessCounts(): AccessCounts {
  return { admitted: 0, refused: { badLogin: 0, busy: 0, clientId: 0, held: 0, noLogin: 0, plain: 0 } };
}
