import type { Broker } from '../broker/broker.ts';
import { SORTS, type Sort, sortRows } from '../broker/watch/client-rows.ts';
import { HanbusError } from '../kit/errors.ts';
import type { ClientAnswer, ClientsAnswer, KickAnswer } from '../schemes/broker-contracts.ts';
import type { ControlRequests } from '../schemes/control.ts';
import { nearest } from '../schemes/near.ts';

export interface ClientsPlace {
  readonly node: string;
  readonly broker: Broker;
  /** Wall time, ms. */
  readonly now: number;
}

/** More rows than anybody reads, and an answer of 0.5 MB. */
const ROWS = 1_000;
const FILTERS = 500;

/** `hanbus broker clients`. Throws HB150 for a sort that there is not. */
export async function clientsAnswer(
  { node, broker, now }: ClientsPlace,
  { like, sort = 'id', limit = ROWS }: ControlRequests['broker'],
): Promise<ClientsAnswer> {
  const order = sortNamed(sort);
  await broker.measure();
  const rows = sortRows(like === undefined ? broker.clients() : broker.clients().filter(globTest(like)), order);
  const shown = rows.slice(0, Math.min(limit, ROWS));
  return { hanbus: 'clients/1', node, time: Math.round(now), clients: shown, more: rows.length - shown.length };
}

/** `hanbus broker client`. Throws HB169 when there is no such client. */
export async function clientAnswer({ node, broker, now }: ClientsPlace, id: string): Promise<ClientAnswer> {
  await broker.measure();
  const client = broker.client(id);
  if (client === undefined) throw noSuchClient(id, broker);
  const { filters, willTopic, expiryMs, ...row } = client;
  return {
    hanbus: 'client/1',
    node,
    time: Math.round(now),
    client: {
      ...row,
      filters: filters.slice(0, FILTERS),
      moreFilters: Math.max(0, filters.length - FILTERS),
      ...(willTopic === undefined ? {} : { willTopic }),
      ...(expiryMs >= NEVER_MS ? {} : { expiryS: expiryMs / 1_000 }),
    },
  };
}

/** `hanbus broker kick`. Throws HB169 when no such client is connected. */
export async function kickAnswer({ node, broker }: ClientsPlace, id: string): Promise<KickAnswer> {
  if (broker.kick(id)) return { hanbus: 'kick/1', node, client: id };
  if (broker.client(id) === undefined) throw noSuchClient(id, broker);
  const fix = `hanbus broker client ${id}`;
  throw new HanbusError('HB169', `${id} is not connected; there is only its session`, { fix });
}

/** MQTT 5, 3.1.2.11.2. */
const NEVER_MS = 0xffff_ffff * 1_000;

function noSuchClient(id: string, broker: Broker): HanbusError {
  const near = nearest(
    id,
    broker.clients().map((row) => row.id),
  );
  const hint = near === undefined ? '' : `. Did you mean ${near}?`;
  return new HanbusError('HB169', `no client has the id "${id.slice(0, 80)}"${hint}`, { fix: 'hanbus broker clients' });
}

function sortNamed(word: string): Sort {
  const sort = SORTS.find((one) => one === word);
  if (sort !== undefined) return sort;
  const message = `clients cannot be sorted by "${word.slice(0, 40)}"; there are ${SORTS.join(', ')}`;
  throw new HanbusError('HB150', message, { fix: `--sort ${nearest(word, SORTS) ?? 'queue'}` });
}

/** `*` is any text; case counts, as it does for the broker. */
function globTest(pattern: string): (row: { readonly id: string }) => boolean {
  const [first = '', ...parts] = pattern.split('*');
  const last = parts.pop();
  return ({ id }) => {
    if (last === undefined) return id === first;
    if (!id.startsWith(first) || !id.endsWith(last)) return false;
    let at = first.length;
    for (const part of parts) {
      const found = id.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at <= id.length - last.length;
  };
}
