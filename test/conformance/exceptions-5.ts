import type { Exception } from './table.ts';

const EVERYTHING = 'The broker supports every QoS and retained messages, so the case does not arise.';

/** Statements that bind servers and that no test of ours can prove. */
export const EXCEPTIONS_5: readonly Exception[] = [
  { id: 'MQTT-3.1.3-8', why: 'The broker refuses no client id that is a text: there is nothing to answer 0x85 to.' },
  { id: 'MQTT-3.2.2-9', why: EVERYTHING },
  { id: 'MQTT-3.2.2-10', why: EVERYTHING },
  { id: 'MQTT-3.2.2-12', why: EVERYTHING },
  { id: 'MQTT-3.2.2-13', why: EVERYTHING },
];
