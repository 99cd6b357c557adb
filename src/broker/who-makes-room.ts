import type { Session } from './session.ts';

interface Group<T> {
  /** Without a client. */
  oldest: T | undefined;
  count: number;
}

/**
 * Whose session ends when there are too many: the oldest without a client, of the login that has most sessions. So nobody
 * drives out the sessions of others with ever new client ids. Undefined: all have a client.
 */
export function whoMakesRoom<T extends { readonly session: Session }>(all: Iterable<T>): T | undefined {
  const groups = new Map<string, Group<T>>();
  for (const one of all) {
    const { link, owner } = one.session;
    const group = groups.get(owner) ?? { oldest: undefined, count: 0 };
    groups.set(owner, group);
    group.count += 1;
    if (link === undefined) group.oldest ??= one;
  }
  const [first] = [...groups.values()]
    .filter(({ oldest }) => oldest !== undefined)
    .toSorted((one, other) => other.count - one.count);
  return first?.oldest;
}
