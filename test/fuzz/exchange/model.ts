import type { Property, Version } from '../wire.ts';

/** A message as it was put in, whoever said it. */
export interface Said {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  /** Who said it: a client id, or undefined for the program itself. */
  readonly from: string | undefined;
  /** Without the expiry and the alias, sorted by kind. */
  readonly properties: readonly Property[];
  /** Wall time, ms. */
  readonly expiresAt: number | undefined;
}

/** A message that a session must get. */
export interface Owed {
  readonly said: Said;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly ids: readonly number[];
}

export interface Wanted {
  readonly filter: string;
  readonly qos: 0 | 1 | 2;
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  readonly id: number | undefined;
}

/** What a session is owed, and what it has not acknowledged. */
export interface ModelSession {
  readonly wanted: Map<string, Wanted>;
  /** QoS 0 by topic, in order; nothing is kept for who is away. */
  readonly once: Map<string, Owed[]>;
  /** QoS 1 and 2 in order. */
  sure: Owed[];
  /** Sent and not acknowledged, by packet identifier, in the order sent. */
  readonly flights: Map<number, { owed: Owed; isReleased: boolean }>;
  isConnected: boolean;
  /** Longer messages make packets that the client does not take. */
  readonly maxPayload: number;
}

export const makeModelSession = (maxPayload: number): ModelSession => ({
  maxPayload,
  wanted: new Map(),
  once: new Map(),
  sure: [],
  flights: new Map(),
  isConnected: true,
});

/** MQTT 5, 4.7, word by word. */
export function isMatch(filter: string, topic: string): boolean {
  const step = (wanted: readonly string[], levels: readonly string[]): boolean => {
    const [first, ...others] = wanted;
    if (first === '#') return true;
    if (first === undefined || levels.length === 0) return first === undefined && levels.length === 0;
    return (first === '+' || first === levels[0]) && step(others, levels.slice(1));
  };
  return step(filter.split('/'), topic.split('/'));
}

/** The whole house: who is owed what when somebody says something. */
export class Model {
  readonly sessions = new Map<string, ModelSession>();
  readonly retained = new Map<string, Said>();

  route(said: Said): void {
    if (said.retain && said.payload.length === 0) this.retained.delete(said.topic);
    else if (said.retain) this.retained.set(said.topic, said);
    for (const [clientId, session] of this.sessions) owe(session, said, clientId);
  }

  /** The retained messages for one new subscription; in any order. */
  retainedFor(clientId: string, { filter, qos, noLocal, id }: Wanted, maxPayload: number): Owed[] {
    return [...this.retained.values()]
      .filter((said) => isMatch(filter, said.topic) && !(noLocal && said.from === clientId))
      .filter(({ payload }) => payload.length <= maxPayload)
      .map((said) => ({ said, qos: lower(said.qos, qos), retain: true, ids: id === undefined ? [] : [id] }));
  }
}

function owe(session: ModelSession, said: Said, clientId: string): void {
  const matching = [...session.wanted.values()].filter(
    ({ filter, noLocal }) => isMatch(filter, said.topic) && !(noLocal && said.from === clientId),
  );
  if (matching.length === 0 || said.payload.length > session.maxPayload) return;
  const highest = matching.reduce<0 | 1 | 2>((best, { qos }) => (qos > best ? qos : best), 0);
  const owed: Owed = {
    said,
    qos: lower(said.qos, highest),
    retain: said.retain && matching.some(({ retainAsPublished }) => retainAsPublished),
    ids: matching.flatMap(({ id }) => (id === undefined ? [] : [id])),
  };
  if (owed.qos > 0) session.sure.push(owed);
  else if (session.isConnected) session.once.set(said.topic, [...(session.once.get(said.topic) ?? []), owed]);
}

const lower = (one: 0 | 1 | 2, other: 0 | 1 | 2): 0 | 1 | 2 => (one < other ? one : other);

/** Properties in the order of their kinds; those of one kind stay in order, as user properties must. */
export function sorted(properties: readonly Property[]): Property[] {
  return [...properties].sort(([one], [other]) => one - other);
}

/** What a PUBLISH must say, as one comparable text. `now`: wall time, ms. */
export function wordsOf({ said, qos, retain, ids }: Owed, version: Version, now: number): string {
  const left = said.expiresAt === undefined ? undefined : Math.ceil((said.expiresAt - now) / 1_000);
  const list: Property[] = [
    ...said.properties,
    ...ids.map((id): Property => [0x0b, id]),
    ...(left === undefined ? [] : [[0x02, left] satisfies Property]),
  ];
  return describe({ topic: said.topic, payload: said.payload, qos, retain, properties: version === 5 ? list : [] });
}

/** A PUBLISH as one comparable text. */
export function describe(publish: {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: number;
  readonly retain: boolean;
  readonly properties: readonly Property[];
}): string {
  const { topic, payload, qos, retain, properties } = publish;
  const list = sorted(properties).map(([id, value]) => `${id}=${plain(value)}`);
  const ids = list.filter((entry) => entry.startsWith('11=')).sort();
  const rest = list.filter((entry) => !entry.startsWith('11='));
  const body =
    payload.length > 80
      ? `${payload.toString('latin1', 0, 40)}..${payload.length}..${digest(payload)}`
      : payload.toString('latin1');
  return `${topic} q${qos} ${retain ? 'r' : '-'} [${[...rest, ...ids].join(' ')}] ${JSON.stringify(body)}`;
}

function plain(value: Property[1]): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return JSON.stringify(value);
}

function digest(bytes: Buffer): number {
  let sum = 0;
  for (const byte of bytes) sum = (Math.imul(sum, 31) + byte) >>> 0;
  return sum;
}
