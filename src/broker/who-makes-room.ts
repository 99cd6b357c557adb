import type { Session } from './session.ts';

/**
 * Whose session ends when there are too many: the oldest without a client of the login that has most of those. So nobody
 * drives out the sessions of others with ever new client ids. Undefined: all have a client.
 */
export function whoMakesRoom<T extends { readonly session: Session }>(all: Iterable<T>): T | undefined {
  const absent = new Map<string, { readonly oldest: T; count: number }>();
  for (const one of all) {
    const { link, owner } = one.session;
    if (link !== undefined) continue;
    const group = absent.get(owner);
    if (group === undefined) absent.set(owner, { oldest: one, count: 1 });
    else group.count += 1;
  }
  let most: { readonly oldest: T; count: number } | undefined;
  for (const group of absent.values()) if (most === undefined || group.count > most.count) most = group;
  return most?.oldest;
}
