import type { Exception } from './table.ts';

const EVERYTHING = 'The broker supports every QoS and retained messages, so the case does not arise.';

/** Statements that bind servers and that no test of ours can prove. */
export const EXCEPTIONS_5: readonly Exception[] = [
  { id: 'MQTT-3.2.2-9', why: EVERYTHING },
  { id: 'MQTT-3.2.2-10', why: EVERYTHING },
  { id: 'MQTT-3.2.2-12', why: EVERYTHING },
  { id: 'MQTT-3.2.2-13', why: EVERYTHING },
];
