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

/** Times less processor time per message than Mosquitto. */
const cheaper = (least: number): Goal => ({ text: 'CPU per message', key: 'cpuUs', of: 'mosquitto/hanbus', least });
const STEADY: readonly Goal[] = [
  { text: 'CPU per message', key: 'cpuUs', of: 'hanbus/mosquitto', most: 3 },
  { text: 'p50', key: 'p50Us', of: 'hanbus/mosquitto', most: 1.5 },
  { text: 'p99', key: 'p99Us', of: 'hanbus/mosquitto', most: 1 },
];

const load = (name: string, text: string, goals: readonly Goal[]): Case => ({ name, text, columns: LOAD, goals });

/** Every case, in the order of the run. The loads themselves are in broker-load.ts, under the same names. */
export const CASES: readonly Case[] = [
  load('one-qos0', '1 publisher, 1 subscriber, QoS 0', [cheaper(8)]),
  load('one-qos1', '1 publisher, 1 subscriber, QoS 1', [cheaper(6)]),
  load('ten-qos0', '10 publishers, 10 subscribers, a topic each, QoS 0', [cheaper(8)]),
  load('ten-qos1', '10 publishers, 10 subscribers, a topic each, QoS 1', [cheaper(6)]),
  load('spread', '1 publisher over 1,000 topics in turn, 10 subscribers of 10 wildcards, QoS 0', [cheaper(5)]),
  load('fan-out', '1 publisher, 100 subscribers of one topic, QoS 0', [cheaper(8)]),
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
];
