import type { Bus } from '../../bus/bus.ts';
import type { Clock } from '../../kit/clock.ts';
import { VERSION } from '../../schemes/version.ts';
import type { BrokerCounts } from '../counts.ts';
import type { Gate } from '../listen/gate.ts';
import { Load, WINDOWS } from './load.ts';
import type { Watch } from './watch.ts';

export interface SysWorld {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly counts: Readonly<BrokerCounts>;
  readonly watch: Watch;
  readonly gate: Pick<Gate, 'refused' | 'sockets'>;
}

/** All values of the tree by topic, as of now. */
export type SysValues = () => ReadonlyMap<string, string>;

type Rows = [topic: string, value: number | string][];

/** What is averaged, under the names that Mosquitto made known. */
const LOADS: Readonly<Record<string, (counts: Readonly<BrokerCounts>) => number>> = {
  'bytes/received': ({ bytesIn }) => bytesIn,
  'bytes/sent': ({ bytesOut }) => bytesOut,
  connections: ({ connections }) => connections,
  'messages/received': ({ packetsIn }) => packetsIn,
  'messages/sent': ({ packetsOut }) => packetsOut,
  'publish/dropped': droppedOf,
  'publish/received': ({ messagesIn }) => messagesIn,
  'publish/sent': ({ messagesOut }) => messagesOut,
  sockets: ({ sockets }) => sockets,
};

/** Topics below `$SYS/broker/` as Mosquitto has them, so that its tools and dashboards work; ours below `hanbus/`. */
export function makeSysValues(world: SysWorld): SysValues {
  const { clock, counts } = world;
  const start = clock.mono();
  const loads = Object.entries(LOADS).map(([name, countOf]) => ({ name, countOf, load: new Load(start) }));
  const loadRows = (now: number): Rows =>
    loads.flatMap(({ name, countOf, load }) =>
      load.read(countOf(counts), now).map((value, index): Rows[number] => {
        return [`load/${name}/${WINDOWS[index]}min`, value.toFixed(2)];
      }),
    );
  let heapMost = 0;
  return () => {
    const { heapUsed } = process.memoryUsage();
    heapMost = Math.max(heapMost, heapUsed);
    const now = clock.mono();
    const rows: Rows = [
      ['version', `hanbus ${VERSION}`],
      ['uptime', `${Math.floor((now - start) / 1_000)} seconds`],
      ['heap/current', heapUsed],
      ['heap/maximum', heapMost],
      ...knownRows(world),
      ...ownRows(world),
      ...loadRows(now),
    ];
    return new Map(rows.map(([topic, value]) => [`$SYS/broker/${topic}`, String(value)]));
  };
}

function knownRows({ bus, counts, watch }: SysWorld): Rows {
  const { clients, sessions, packetsIn, packetsOut, bytesIn, bytesOut, messagesIn, messagesOut } = counts;
  const { retained } = bus.counts;
  const { plain, shared } = watch.subscriptions();
  const waiting = watch.ledger().went.waiting;
  return [
    ['clients/active', clients],
    ['clients/connected', clients],
    ['clients/disconnected', sessions - clients],
    ['clients/expired', counts.expiredSessions],
    ['clients/inactive', sessions - clients],
    ['clients/maximum', counts.mostClients],
    ['clients/total', sessions],
    ['messages/received', packetsIn],
    ['messages/sent', packetsOut],
    ['messages/stored', retained + waiting],
    ['publish/messages/received', messagesIn],
    ['publish/messages/sent', messagesOut],
    ['publish/messages/dropped', droppedOf(counts)],
    ['bytes/received', bytesIn],
    ['bytes/sent', bytesOut],
    ['subscriptions/count', plain + shared],
    ['shared_subscriptions/count', shared],
    ['retained messages/count', retained],
    ['store/messages/count', retained + waiting],
  ];
}

function ownRows({ counts, watch, gate }: SysWorld): Rows {
  const { came, went } = watch.ledger();
  const reasons = [...counts.refusals, ...Object.entries(gate.refused).filter(([, count]) => count > 0)];
  return [
    ...Object.entries(came).map(([name, count]): Rows[number] => [`hanbus/came/${name}`, count]),
    ['hanbus/due', went.due],
    ['hanbus/delivered', went.delivered],
    ['hanbus/queued', went.waiting],
    ['hanbus/queued/bytes', counts.waitingBytes],
    ...Object.entries(counts.dropped).map(([reason, count]): Rows[number] => [`hanbus/dropped/${reason}`, count]),
    ...[...counts.refusedMessages].map(([code, count]): Rows[number] => [`hanbus/refused/messages/${code}`, count]),
    ...reasons.map(([reason, count]): Rows[number] => [`hanbus/refused/connections/${reason}`, count]),
    ['hanbus/sockets/waiting', gate.sockets.unknown],
  ];
}

function droppedOf({ dropped }: Readonly<BrokerCounts>): number {
  return Object.values(dropped).reduce((sum, count) => sum + count, 0);
}
