import type { Access, Admission, Rights } from '../../src/broker/access.ts';
import { turns } from '../broker/packet-client.ts';

const RIGHTS: Rights = { name: 'local', role: 'operator', write: () => undefined, read: () => undefined };

/** Lets everybody in, some at once, some later: `turnsFor` tells after how many turns of the event loop, 0 for at once. */
export function makeSlowAccess(turnsFor: (clientId: string) => number): Access {
  const admission: Admission = { rights: RIGHTS };
  return {
    admit({ clientId }) {
      const count = turnsFor(clientId);
      return count === 0 ? admission : turns(count).then(() => admission);
    },
  };
}
