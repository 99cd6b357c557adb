import { badConnectProofs3 } from './bad-connect-3.ts';
import { badPacketProofs3 } from './bad-packets-3.ts';
import { connectProofs3 } from './connect-3.ts';
import { publishProofs3 } from './publish-3.ts';
import { sessionProofs3 } from './session-3.ts';
import { STATEMENTS_3 } from './statements-3.ts';
import { subscribeProofs3 } from './subscribe-3.ts';
import type { Exception, Reference, Table } from './table.ts';
import { willProofs3 } from './will-3.ts';

const PROOFS = [
  ...badConnectProofs3,
  ...connectProofs3,
  ...sessionProofs3,
  ...willProofs3,
  ...publishProofs3,
  ...subscribeProofs3,
  ...badPacketProofs3,
];

const REFERENCES: readonly Reference[] = [
  {
    proves: ['MQTT-6.0.0-1'],
    file: 'test/broker/listen/web-socket.test.ts',
    name: 'closes at a text frame %s [MQTT-6.0.0-1]',
  },
  {
    proves: ['MQTT-6.0.0-2'],
    file: 'test/broker/listen/web-socket.test.ts',
    name: 'reads packets however they lie in frames [MQTT-6.0.0-2]',
  },
  {
    proves: ['MQTT-6.0.0-4'],
    file: 'test/broker/listen/web-socket.test.ts',
    name: 'of the sub-protocols %j it speaks %s',
  },
  {
    proves: ['MQTT-7.0.0-1'],
    file: 'test/journeys/mqtt-engine.test.ts',
    name: 'sends what the node says, and gives it commands, once each',
  },
  {
    proves: ['MQTT-7.0.0-2'],
    file: 'test/journeys/mqtt-diff.test.ts',
    name: 'hanbus and Mosquitto 2.0.11 do the same',
  },
];

/** Statements that bind servers and that no test of ours can prove. */
const EXCEPTIONS_3: readonly Exception[] = [
  { id: 'MQTT-3.8.3-2', why: 'The broker supports wildcards, so there is nothing to reject.' },
];

/** MQTT 3.1.1, OASIS Standard, 29 October 2014, appendix B, with the four statements of chapter 7. */
export const TABLE_3: Table = {
  title: 'MQTT 3.1.1',
  version: 4,
  statements: STATEMENTS_3,
  proofs: PROOFS,
  references: REFERENCES,
  exceptions: EXCEPTIONS_3,
};
