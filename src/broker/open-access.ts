import type { Access, Rights } from './access.ts';
import { makeTopicRights } from './topic-rights.ts';

/** Lets everybody in as operator: for a broker in a test or a bench, and behind a door that is closed otherwise. */
export function makeOpenAccess(node: string | undefined): Access {
  const rights: Rights = { name: 'local', role: 'operator', write: makeTopicRights(node), read: () => undefined };
  return { admit: () => ({ rights }) };
}
