import type { BrokerAnswer, LimitRow } from '../schemes/broker-contracts.ts';
import { bytesText, short } from './amounts.ts';
import { droppedText } from './client-lines.ts';
import { columns } from './columns.ts';
import type { Screen } from './screen.ts';
import { counted } from './spans.ts';

/** `hanbus broker`: totals, doors, limits. */
export function brokerLines(answer: BrokerAnswer, screen: Screen): string[] {
  const { node, clients, rate } = answer;
  const now = rate === undefined ? [] : [`${short(rate.messagesIn)} messages/s in, ${short(rate.messagesOut)} out`];
  const away = clients.absent === 0 ? '' : `, ${clients.absent} away`;
  const title = [screen.tint('bold', node), `${counted(clients.connected, 'client')} connected${away}`, ...now];
  const uneven = answer.isEven ? [] : [screen.tint('red', '✗ the counts below do not add up; please report it')];
  return [
    title.join(' · '),
    ...uneven,
    '',
    ...columns([...doorRows(answer), ...totalRows(answer), ...refusedRows(answer)]),
    '',
    ...limitLines(answer.limits, screen),
  ];
}

function doorRows({ listeners }: BrokerAnswer): string[][] {
  if (listeners.length === 0) return [['listens', 'nowhere; the scheme says listen: off']];
  return listeners.map(({ url, open, why }, index) => [
    index === 0 ? 'listens' : '',
    open ? url : `${url} is closed${why === undefined ? '' : `: ${why}`}`,
  ]);
}

function totalRows({ clients, sockets, subscriptions, ...rest }: BrokerAnswer): string[][] {
  const { retained, heldBytes, traffic, came, went } = rest;
  const { plain, shared } = subscriptions;
  const lost = Object.values(went.dropped).reduce((sum, count) => sum + count, 0);
  const inTail = `${came.accepted} accepted, ${came.repeated} repeated, ${came.refused} refused`;
  return [
    ['clients', `at most ${clients.most} at one time; ${counted(clients.expired, 'session')} expired`],
    ['sockets', `${sockets.opened} came, ${sockets.admitted} with a good login; ${sockets.waiting} without one now`],
    ['topics', `${counted(plain + shared, 'subscription')}, ${shared} of them shared; ${retained} retained`],
    ['memory', `${bytesText(heldBytes)} for messages on their way`],
    [
      'in',
      `${counted(came.messages, 'message')} and ${counted(came.wills, 'will')}: ${inTail}; ${bytesText(traffic.bytesIn)}`,
    ],
    [
      'out',
      `${went.due} due: ${went.delivered} delivered, ${went.waiting} waiting, ${lost} dropped; ${bytesText(traffic.bytesOut)}`,
    ],
    ['dropped', droppedText(went.dropped)],
  ];
}

function refusedRows({ refused }: BrokerAnswer): string[][] {
  const { connections, messages } = refused;
  return [...reasonRows('connection', connections), ...reasonRows('message', messages)];
}

function reasonRows(what: string, reasons: BrokerAnswer['refused']['messages']): string[][] {
  if (reasons.length === 0) return [['refused', `no ${what}s`]];
  return reasons.map(({ reason, why, count }, index) => {
    const code = /^HB\d/.test(reason) ? `${reason} ` : '';
    return [index === 0 ? 'refused' : '', `${counted(count, what)}: ${code}${why}`];
  });
}

function limitLines(limits: readonly LimitRow[], screen: Screen): string[] {
  const rows = limits.map(({ name, text, isDefault, next, about }) => {
    const own = isDefault ? '' : screen.tint('yellow', 'from the scheme');
    const later = next === undefined ? '' : screen.tint('yellow', `${next} after the next start`);
    return [name, text, about, [own, later].filter((part) => part !== '').join(', ')];
  });
  const head = ['LIMIT', 'VALUE', 'OF', ''].map((word) => screen.tint('dim', word));
  return columns([head, ...rows], ['left', 'right']);
}
