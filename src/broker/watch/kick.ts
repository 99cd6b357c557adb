import { REASON } from '../reason.ts';
import type { Session } from '../session.ts';

/** Ends the connection of a session's client. False when there is none. */
export function kick(session: Session | undefined): boolean {
  const link = session?.link;
  if (link === undefined) return false;
  link.close(REASON.administrative);
  return true;
}
