import type { Case, Column, Goal } from './case.ts';

const column = (key: string, title: string): Column => ({ key, title });

const MEMORY = column('memoryMb', 'RSS MB');
const LOAD: readonly Column[] = [
  column('cpuUs', 'CPU us/msg'),
  column('inRate', 'in/s'),
  column('outRate', 'out/s'),
  column('p50Us', 'p50 us'),
  column('p99Us', 'p99 us'),
  column('brokerShare', 'broker CPU'),
  column('loadShare', 'load CPU'),
  column('otherShare', 'other CPU'),
  MEMORY,
  column('lost', 'lost'),
  column('rounds', 'rounds'),
];
const RETAINED: readonly Column[] = [
  column('storeRate', 'stored/s'),
  column('storeUs', 'store CPU us'),
  column('loadRate', 'loaded/s'),
  column('loadUs', 'load CPU us'),
  column('firstMs', 'first ms'),
  MEMORY,
];
const IDLE: readonly Column[] = [
  column('kbEach', 'KB/connection'),
  column('kbNext', 'KB, next 1,000'),
  column('connectMs', 'connect ms'),
  column('emptyMb', 'RSS MB before'),
  MEMORY,
];
const FROZEN: readonly Column[] = [
  column('gapMs', 'gap ms'),
  column('calmMs', 'gap before'),
  column('growthMb', 'RSS growth MB'),
  MEMORY,
  column('missedByOthers', 'missed by others'),
  column('missedByIt', 'by the frozen one'),
  column('closed', 'closed'),
];
const PRE_AUTH: readonly Column[] = [
  column('growthMb', 'RSS growth MB'),
  column('closed', 'closed'),
  column('slowestMs', 'slowest ms'),
  column('sentMb', 'sent MB'),
  MEMORY,
];
const STORM: readonly Column[] = [
  column('rate', 'clients/s'),
  column('admitted', 'admitted'),
  column('refused', 'turned away'),
  column('stallMs', 'stall ms'),
  column('calmMs', 'stall before'),
  column('kbEach', 'KB/client'),
  MEMORY,
];
const RSS: readonly Column[] = [
  column('idleMb', 'idle MB'),
  column('loadMb', 'full load MB'),
  column('afterMb', 'afterwards MB'),
  column('outRate', 'out/s'),
];

/** Times less processor time per message than Mosquitto. */
const cheaper = (least: number): Goal => ({ text: 'CPU per message', key: 'cpuUs', of: 'mosquitto/hanbus', least });
/** The stretch: QoS 0 ahead of NATS. */
const AHEAD: Goal = { text: 'CPU per message', key: 'cpuUs', of: 'nats/hanbus', least: 1 };
const STEADY: readonly Goal[] = [
  { text: 'CPU per message', key: 'cpuUs', of: 'hanbus/mosquitto', most: 3 },
  { text: 'p50', key: 'p50Us', of: 'hanbus/mosquitto', most: 1.5 },
  { text: 'p99', key: 'p99Us', of: 'hanbus/mosquitto', most: 1 },
];

const load = (name: string, text: string, goals: readonly Goal[]): Case => ({ name, text, columns: LOAD, goals });

/** Every case, in the order of the run. The loads themselves are in broker-load.ts, under the same names. */
export const CASES: readonly Case[] = [
  load('one-qos0', '1 publisher, 1 subscriber, QoS 0', [cheaper(8), AHEAD]),
  load('one-qos1', '1 publisher, 1 subscriber, QoS 1', [cheaper(6)]),
  load('ten-qos0', '10 publishers, 10 subscribers, a topic each, QoS 0', [cheaper(8), AHEAD]),
  load('ten-qos1', '10 publishers, 10 subscribers, a topic each, QoS 1', [cheaper(6)]),
  load('spread', '1 publisher over 1,000 topics in turn, 10 subscribers of 10 wildcards, QoS 0', [cheaper(5), AHEAD]),
  load('fan-out', '1 publisher, 100 subscribers of one topic, QoS 0', [cheaper(8), AHEAD]),
  load('fan-out-qos1', '1 publisher, 100 subscribers of one topic, QoS 1', []),
  load('steady-qos0', '1,000 messages/s on a schedule, QoS 0', STEADY),
  load('steady-qos1', '1,000 messages/s on a schedule, QoS 1', STEADY),
  {
    name: 'retained',
    text: '10,000 retained topics stored, then a new subscriber of #',
    columns: RETAINED,
    goals: [
      { text: 'stored', key: 'storeRate', of: 'hanbus/mosquitto', least: 1 },
      { text: 'loaded', key: 'loadRate', of: 'hanbus/mosquitto', least: 5 },
    ],
  },
  {
    name: 'idle',
    text: '1,000 connections with a subscription each, and 1,000 more',
    columns: IDLE,
    goals: [{ text: 'KB a connection', key: 'kbEach', of: 'hanbus', most: 20 }],
  },
  {
    name: 'frozen',
    text: '1,000 messages/s of 4,000 bytes to 4 subscribers, one of them stops reading for 20 s (--long: 60 s)',
    columns: FROZEN,
    goals: [{ text: "the others' largest gap, ms", key: 'gapMs', of: 'hanbus', most: 100 }],
  },
  {
    name: 'pre-auth',
    text: '20 strangers announce a packet of 256 MB each and send it in small pieces',
    columns: PRE_AUTH,
    goals: [
      { text: 'RSS growth, MB', key: 'growthMb', of: 'hanbus', most: 5 },
      { text: 'all closed after, ms', key: 'slowestMs', of: 'hanbus', most: 5_000 },
    ],
  },
  {
    name: 'storm',
    text: '10,000 clients at once, one of them connected before and pinging',
    columns: STORM,
    goals: [
      { text: 'clients/s', key: 'rate', of: 'hanbus', least: 1_500 },
      { text: 'longest wait for a ping, ms', key: 'stallMs', of: 'hanbus', most: 200 },
    ],
  },
  {
    name: 'rss',
    text: 'memory at rest and under 10 QoS 0 pairs, 10 QoS 1 pairs and a fan-out of 100 at once',
    columns: RSS,
    goals: [
      { text: 'a whole node at rest, MB', key: 'idleMb', of: 'node', most: 80 },
      { text: 'a whole node at full load, MB', key: 'loadMb', of: 'node', most: 130 },
    ],
  },
];
