import type { BrokerAnswer, ClientAnswer, ClientRow, ClientsAnswer } from '../../src/schemes/broker-contracts.ts';

const NOW = Date.UTC(2026, 10, 22, 10, 42, 7);
const NONE = { expired: 0, full: 0, superseded: 0, tooLarge: 0, absent: 0, gone: 0, refused: 0 };

const NODERED: ClientRow = {
  ...{ id: 'nodered_1', connected: true, credential: 'nodered', role: 'operator', address: '192.168.1.30' },
  ...{ transport: 'tls', version: '5', since: NOW - 7_200_000, keepAliveS: 60, subscriptions: 2 },
  ...{
    queued: 12,
    queuedBytes: 4_120,
    inflight: 3,
    messagesIn: 410,
    messagesOut: 90_211,
    bytesIn: 41_000,
    bytesOut: 9_400_000,
  },
  rate: { messagesIn: 0.4, messagesOut: 1_210, bytesIn: 40, bytesOut: 121_000 },
  dropped: { ...NONE, superseded: 96, expired: 2 },
  lastError: { code: 'HB184', reason: 0x97, why: 'it did not take its messages', time: NOW - 240_000 },
};

const TASMOTA: ClientRow = {
  ...{ id: 'tasmota1', connected: false, credential: 'tasmota1', role: 'device', address: '192.168.1.41' },
  ...{ transport: 'tcp', version: '3.1.1', since: NOW - 90_000, keepAliveS: 30, subscriptions: 3 },
  ...{ queued: 0, queuedBytes: 0, inflight: 0, messagesIn: 55, messagesOut: 4, bytesIn: 6_100, bytesOut: 300 },
  dropped: { ...NONE, absent: 7 },
};

export const CLIENTS: ClientsAnswer = {
  hanbus: 'clients/1',
  node: 'kitchen',
  time: NOW,
  clients: [NODERED, TASMOTA],
  more: 0,
};

export const CLIENT: ClientAnswer = {
  ...{ hanbus: 'client/1', node: 'kitchen', time: NOW },
  client: {
    ...NODERED,
    filters: [
      { filter: 'hanbus/#', qos: 1 },
      { filter: '$share/flows/zigbee2mqtt/+', qos: 0 },
    ],
    ...{ moreFilters: 0, willTopic: 'nodered/state', expiryS: 86_400 },
  },
};

export const BROKER: BrokerAnswer = {
  ...{ hanbus: 'broker/1', node: 'kitchen' },
  clients: { connected: 1, absent: 1, most: 4, expired: 2 },
  sockets: { waiting: 1, opened: 19, admitted: 12 },
  subscriptions: { plain: 4, shared: 1 },
  ...{ retained: 212, heldBytes: 4_120 },
  traffic: { messagesIn: 465, messagesOut: 90_215, bytesIn: 47_100, bytesOut: 9_400_300 },
  rate: { messagesIn: 0.4, messagesOut: 1_210, bytesIn: 40, bytesOut: 121_000 },
  came: { messages: 465, wills: 1, accepted: 460, repeated: 2, refused: 4 },
  went: {
    ...{ due: 90_335, delivered: 90_215, waiting: 15 },
    dropped: { expired: 2, full: 0, superseded: 96, tooLarge: 0, absent: 7, gone: 0 },
  },
  isEven: true,
  refused: {
    connections: [
      { reason: 'HB192', why: 'The login of an MQTT client is wrong or missing', count: 5 },
      { reason: 'addressRate', why: 'its address connects too often', count: 2 },
    ],
    messages: [{ reason: 'HB194', why: 'A topic is not open to this client', count: 4 }],
  },
  listeners: [
    { url: 'mqtt://127.0.0.1:1883', open: true },
    { url: 'mqtts://0.0.0.0:8883', open: false, why: 'port 8883 is used by mosquitto (pid 612)' },
  ],
  limits: [
    {
      ...{ name: 'connect_time', value: 5_000, text: '5s' },
      isDefault: true,
      about: 'a CONNECT must be complete within it',
    },
    {
      ...{ name: 'packet_bytes', value: 8_388_608, text: '8MiB', isDefault: false, next: '1MiB' },
      about: 'the largest packet of a client',
    },
  ],
};
