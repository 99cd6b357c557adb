import Type, { type Static } from 'typebox';

/** What `hanbus broker ...` answers; the rules are those of `contracts.ts`. */
const optional = Type.Optional;
const open = { additionalProperties: true };
const about = (description: string) => ({ ...open, description });
const Count = Type.Integer({ minimum: 0 });
const Time = Type.Integer({ description: 'ms since 1970' });

const TrafficJson = {
  messagesIn: Type.Number({ minimum: 0 }),
  messagesOut: Type.Number({ minimum: 0 }),
  bytesIn: Type.Number({ minimum: 0 }),
  bytesOut: Type.Number({ minimum: 0 }),
};

const RateJson = Type.Object(TrafficJson, about('per second, over 0.5 to 10 s'));

const lost = { expired: Count, full: Count, superseded: Count, tooLarge: Count, absent: Count, gone: Count };

const DroppedCounts = Type.Object(
  { ...lost, refused: Count },
  about('messages by the reason why they did not arrive; refused: what the client may not say'),
);

const LastErrorJson = Type.Object(
  {
    code: Type.String({ pattern: '^HB[0-9]{3}$' }),
    reason: Type.Integer({ description: 'reason code of MQTT 5' }),
    why: Type.String(),
    time: Time,
  },
  open,
);

export const ClientRowJson = Type.Object(
  {
    id: Type.String(),
    connected: Type.Boolean({ description: 'false: a session that waits for its client' }),
    credential: optional(Type.String({ description: 'the login, or local' })),
    role: optional(Type.String()),
    address: optional(Type.String()),
    transport: optional(Type.Enum(['memory', 'tcp', 'tls', 'unix', 'ws', 'wss'])),
    version: optional(Type.Enum(['3.1', '3.1.1', '5'])),
    since: optional(Type.Integer({ description: 'connected or disconnected since; ms since 1970' })),
    keepAliveS: optional(Type.Number({ description: '0: none' })),
    subscriptions: Count,
    queued: Type.Integer({ minimum: 0, description: 'messages that wait for it' }),
    queuedBytes: Type.Integer({ minimum: 0, description: 'memory of all that is held for it' }),
    inflight: Type.Integer({ minimum: 0, description: 'messages sent and not acknowledged' }),
    ...TrafficJson,
    rate: optional(RateJson),
    dropped: DroppedCounts,
    lastError: optional(LastErrorJson),
  },
  open,
);

export const ClientsJson = Type.Object(
  {
    hanbus: Type.Literal('clients/1'),
    node: Type.String(),
    time: Time,
    clients: Type.Array(ClientRowJson),
    more: Type.Integer({ minimum: 0, description: 'rows that were left out' }),
  },
  about('`broker clients`: one row for each session of the broker, with a client or without.'),
);

export const ClientJson = Type.Object(
  {
    hanbus: Type.Literal('client/1'),
    node: Type.String(),
    time: Time,
    client: Type.Object(
      {
        ...ClientRowJson.properties,
        filters: Type.Array(
          Type.Object({ filter: Type.String(), qos: Type.Integer({ minimum: 0, maximum: 2 }) }, open),
        ),
        moreFilters: Type.Integer({ minimum: 0, description: 'subscriptions that were left out' }),
        willTopic: optional(Type.String()),
        expiryS: optional(Type.Number({ description: 'how long its session waits for it; absent: for ever' })),
      },
      open,
    ),
  },
  about('`broker client`: one client of the broker, whole.'),
);

export const KickJson = Type.Object(
  { hanbus: Type.Literal('kick/1'), node: Type.String(), client: Type.String() },
  about('`broker kick`: the client that was disconnected.'),
);

const ReasonJson = Type.Object(
  { reason: Type.String({ description: 'a code of the catalogue, or a word' }), why: Type.String(), count: Count },
  open,
);

export const LimitJson = Type.Object(
  {
    name: Type.String({ description: 'key below broker.limits' }),
    value: Type.Number({ description: 'ms for a time, bytes for a size' }),
    text: Type.String(),
    isDefault: Type.Boolean(),
    next: optional(Type.String({ description: 'what the scheme says and the next start brings' })),
    about: Type.String(),
  },
  open,
);

export const BrokerJson = Type.Object(
  {
    hanbus: Type.Literal('broker/1'),
    node: Type.String(),
    clients: Type.Object({ connected: Count, absent: Count, most: Count, expired: Count }, open),
    sockets: Type.Object({ waiting: Count, opened: Count, admitted: Count }, open),
    subscriptions: Type.Object({ plain: Count, shared: Count }, open),
    retained: Count,
    heldBytes: Type.Integer({ minimum: 0, description: 'for and from all clients' }),
    traffic: Type.Object(TrafficJson, open),
    rate: optional(RateJson),
    came: Type.Object(
      { messages: Count, wills: Count, accepted: Count, repeated: Count, refused: Count },
      about('messages + wills = accepted + repeated + refused'),
    ),
    went: Type.Object(
      { due: Count, delivered: Count, waiting: Count, dropped: Type.Object(lost, open) },
      about('due = delivered + waiting + the sum of dropped'),
    ),
    isEven: Type.Boolean({ description: 'the two sums are right' }),
    refused: Type.Object({ connections: Type.Array(ReasonJson), messages: Type.Array(ReasonJson) }, open),
    listeners: Type.Array(
      Type.Object({ url: Type.String(), open: Type.Boolean(), why: optional(Type.String()) }, open),
    ),
    limits: Type.Array(LimitJson),
  },
  about('`broker`: what the broker of the node has done, where it listens, and its limits.'),
);

export type BrokerAnswer = Static<typeof BrokerJson>;
export type ClientsAnswer = Static<typeof ClientsJson>;
export type ClientAnswer = Static<typeof ClientJson>;
export type ClientRow = Static<typeof ClientRowJson>;
export type KickAnswer = Static<typeof KickJson>;
export type LimitRow = Static<typeof LimitJson>;
