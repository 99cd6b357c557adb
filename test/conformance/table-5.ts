import { connectionProofs } from './connection-5.ts';
import { EXCEPTIONS_5 } from './exceptions-5.ts';
import { STATEMENTS_5 } from './statements-5.ts';
import type { Table } from './table.ts';

/** MQTT 5.0, OASIS Standard, 7 March 2019, appendix B. */
export const TABLE_5: Table = {
  title: 'MQTT 5.0',
  version: 5,
  statements: STATEMENTS_5,
  proofs: [...connectionProofs],
  references: [],
  exceptions: EXCEPTIONS_5,
};
