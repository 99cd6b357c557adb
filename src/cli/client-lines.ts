import type { ClientAnswer, ClientRow, ClientsAnswer } from '../schemes/broker-contracts.ts';
import { bytesText, short } from './amounts.ts';
import { type Align, columns, cut } from './columns.ts';
import type { Screen } from './screen.ts';
import { counted, spanText } from './spans.ts';

const HEAD = ['CLIENT', 'LOGIN', 'FROM', 'MQTT', 'FOR', 'SUBS', 'WAITING', 'IN FLIGHT', 'IN/s', 'OUT/s', 'DROPPED', ''];
const ID_LETTERS = 32;

/** The table of `hanbus broker clients`. */
export function clientTable({ clients, time, more }: ClientsAnswer, screen: Screen): string[] {
  const rows = clients.map((row) => tableRow(row, time, screen));
  const aligns = HEAD.map((_, index): Align => (index < 4 ? 'left' : 'right'));
  const head = HEAD.map((word) => screen.tint('dim', word));
  const rest = more === 0 ? [] : ['', `and ${more} more; fewer by name: hanbus broker clients 'sensor*'`];
  return [...columns([head, ...rows], aligns), ...rest];
}

function tableRow(row: ClientRow, now: number, screen: Screen): string[] {
  const { id, version = '', since, subscriptions, queued, inflight, rate, lastError } = row;
  return [
    `${mark(row, screen)} ${cut(id, ID_LETTERS)}`,
    loginOf(row),
    placeOf(row),
    version,
    since === undefined ? '' : spanText(now - since),
    String(subscriptions),
    queued === 0 ? '0' : `${queued}, ${bytesText(row.queuedBytes)}`,
    String(inflight),
    rate === undefined ? '' : short(rate.messagesIn),
    rate === undefined ? '' : short(rate.messagesOut),
    String(droppedOf(row)),
    lastError === undefined ? '' : screen.tint('yellow', lastError.code),
  ];
}

/** `hanbus broker client`: everything about one. */
export function clientLines({ client, time }: ClientAnswer, screen: Screen): string[] {
  const { id, connected, since, keepAliveS = 0, expiryS, willTopic, lastError, filters, moreFilters } = client;
  const span = since === undefined ? '' : ` for ${spanText(time - since)}`;
  const rows = [
    ['login', loginOf(client)],
    ['from', `${placeOf(client)}${client.version === undefined ? '' : `, MQTT ${client.version}`}`],
    ['keep alive', keepAliveS === 0 ? 'none' : `${keepAliveS} s`],
    ['session', sessionText(expiryS)],
    ['will', willTopic ?? 'none'],
    ['in', trafficText(client.messagesIn, client.bytesIn, client.rate?.messagesIn)],
    ['out', trafficText(client.messagesOut, client.bytesOut, client.rate?.messagesOut)],
    ['waiting', `${counted(client.queued, 'message')}, ${client.inflight} in flight, ${bytesText(client.queuedBytes)}`],
    ['dropped', droppedText(client.dropped)],
    ['last error', lastError === undefined ? 'none' : errorText(lastError, time)],
  ];
  return [
    `${mark(client, screen)} ${screen.tint('bold', id)} ${connected ? 'connected' : 'away'}${span}`,
    '',
    ...columns(rows),
    '',
    ...filterLines(filters, moreFilters),
  ];
}

function sessionText(expiryS: number | undefined): string {
  if (expiryS === 0) return 'ends with the connection';
  return `waits ${expiryS === undefined ? 'for ever' : spanText(expiryS * 1_000)} when the client is away`;
}

function filterLines(filters: ClientAnswer['client']['filters'], more: number): string[] {
  if (filters.length === 0) return ['No subscriptions.'];
  const rows = filters.map(({ filter, qos }) => [`  ${filter}`, `QoS ${qos}`]);
  return [
    `${counted(filters.length + more, 'subscription')}:`,
    ...columns(rows),
    ...(more === 0 ? [] : [`  and ${more} more`]),
  ];
}

function trafficText(messages: number, bytes: number, rate: number | undefined): string {
  const now = rate === undefined ? '' : `, ${short(rate)} messages/s now`;
  return `${counted(messages, 'message')}, ${bytesText(bytes)}${now}`;
}

function errorText({ code, why, time }: NonNullable<ClientRow['lastError']>, now: number): string {
  const span = spanText(now - time);
  return `${code} ${why}, ${span === 'now' ? 'just now' : `${span} ago`}`;
}

const DROPS: Readonly<Record<string, string>> = {
  absent: 'while it was away',
  expired: 'too old',
  full: 'as its queue was full',
  gone: 'as its session ended',
  refused: 'that it may not say',
  superseded: 'replaced by newer ones',
  tooLarge: 'too large for it',
};

/** `12 replaced by newer ones, 3 too old`; the most frequent first. */
export function droppedText(dropped: Readonly<Record<string, number>>): string {
  const parts = Object.entries(dropped)
    .filter(([, count]) => count > 0)
    .sort(([, one], [, other]) => other - one)
    .map(([reason, count]) => `${count} ${DROPS[reason] ?? reason}`);
  return parts.length === 0 ? 'none' : parts.join(', ');
}

function mark({ connected }: ClientRow, screen: Screen): string {
  return connected ? screen.tint('green', '●') : screen.tint('dim', '○');
}

function loginOf({ credential, role }: ClientRow): string {
  if (credential === undefined || credential === '') return role ?? '';
  return role === undefined ? credential : `${credential} (${role})`;
}

function placeOf({ address = '', transport }: ClientRow): string {
  return transport === undefined || address === transport ? address : `${address} ${transport}`;
}

function droppedOf({ dropped }: ClientRow): number {
  return Object.values(dropped).reduce((sum, count) => sum + count, 0);
}
